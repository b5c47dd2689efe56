// Many small writes of requests that come at once, as one statement with one commit.

interface Waiting<Item> {
  item: Item;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * While one batch is being written, what comes meanwhile waits and is the next one: nobody waits for more than two
 * commits, and alone nobody waits at all.
 */
export class Batches<Item> {
  private waiting: Waiting<Item>[] = [];
  private isWriting = false;

  /** @param write all of them or, when it throws, none */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<void>,
    private readonly atMost = 100,
  ) {}

  /** Resolves when it is written. What cannot be written keeps no other from it. */
  add(item: Item): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed });
      if (this.isWriting) return;
      this.isWriting = true;
      // Requests that arrived together have all come this far by then.
      setImmediate(() => void this.writeAll());
    });
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) await this.writeThese(this.waiting.splice(0, this.atMost));
    this.isWriting = false;
  }

  private async writeThese(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.write(batch.map(({ item }) => item));
      for (const { done } of batch) done();
    } catch (error) {
      if (batch.length > 1) await Promise.all(batch.map((one) => this.writeThese([one])));
      else batch[0]?.failed(error);
    }
  }
}
