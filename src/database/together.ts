// Work that is cheaper for many than for one: a statement that looks up, or writes, what many requests want at the same
// moment. docs/decisions/0016-look-ups-together.md

interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * While one batch is being worked on, what comes meanwhile waits and is the next one: nobody waits for more than two,
 * and alone nobody waits at all. Where a batch fails, each goes alone, so that one never stops another.
 */
export class Together<Item, Answer = void> {
  private waiting: Waiting<Item, Answer>[] = [];
  private isWorking = false;

  /** @param work answers in the order of the items; all of it is undone when it throws */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly atMost = 100,
  ) {}

  do(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.isWorking) return;
      this.isWorking = true;
      // Requests that arrived together have all come this far by then.
      setImmediate(() => void this.workOff());
    });
  }

  private async workOff(): Promise<void> {
    while (this.waiting.length > 0) await this.workOn(this.waiting.splice(0, this.atMost));
    this.isWorking = false;
  }

  private async workOn(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      if (batch.length > 1) await Promise.all(batch.map((one) => this.workOn([one])));
      else batch[0]?.reject(error);
    }
  }
}
