// Long work is done in turns of a few milliseconds, between which other calls are answered.

const TURN_MS = 5;

export class Turns {
  private endsAt: number;

  /** @param clock milliseconds that only grow */
  constructor(private readonly clock: () => number = () => performance.now()) {
    this.endsAt = clock() + TURN_MS;
  }

  get isOver(): boolean {
    return this.clock() >= this.endsAt;
  }

  /** Lets everything else that is due run first. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.endsAt = this.clock() + TURN_MS;
  }
}

const RUN_LENGTH = 512;

/** Sorted, equals in the order in which they came. */
export async function sortedInTurns<Item>(
  items: readonly Item[],
  compare: (left: Item, right: Item) => number,
  turns: Turns,
): Promise<Item[]> {
  let runs: Item[][] = [];
  for (let from = 0; from < items.length; from += RUN_LENGTH) {
    runs.push(items.slice(from, from + RUN_LENGTH).sort(compare));
    if (turns.isOver) await turns.next();
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(await mergedInTurns(runs[at] ?? [], runs[at + 1] ?? [], compare, turns));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergedInTurns<Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (left: Item, right: Item) => number,
  turns: Turns,
): Promise<Item[]> {
  const merged: Item[] = [];
  let [l, r] = [0, 0];
  while (merged.length < left.length + right.length) {
    const isFromLeft = r >= right.length || (l < left.length && compare(left[l] as Item, right[r] as Item) <= 0);
    merged.push((isFromLeft ? left[l++] : right[r++]) as Item);
    if (merged.length % RUN_LENGTH === 0 && turns.isOver) await turns.next();
  }
  return merged;
}
