// Work that is cheaper for many than for one: what comes while one batch is being done goes into the next one together.
// Where a batch fails, each goes alone, so that one never stops another.

interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 100;

export class Together<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private isWorking = false;

  /** @param work answers in the order of the items; all of it is undone when it throws */
  constructor(private readonly work: (items: readonly Item[]) => Promise<readonly Answer[]>) {}

  do(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isWorking) void this.workOff();
    });
  }

  private async workOff(): Promise<void> {
    this.isWorking = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_AT_ONCE);
      await this.workOn(batch).catch(async (error: unknown) => {
        if (batch.length === 1) batch[0]?.reject(error);
        else for (const one of batch) await this.workOn([one]).catch(one.reject);
      });
    }
    this.isWorking = false;
  }

  private async workOn(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const answers = await this.work(batch.map(({ item }) => item));
    batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
  }
}
