// Work that goes on behind whoever began it: so much at a time, and what fails first is told to whoever adds more.

export class Behind {
  private readonly underWay = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private first: { error: unknown } | undefined;

  constructor(private readonly most: number) {}

  /** Takes work that was begun; answers when there is room for more. @throws what failed first */
  async add(work: Promise<void>): Promise<void> {
    const ended = work
      .catch((error: unknown) => {
        this.first ??= { error };
      })
      .then(() => {
        this.underWay.delete(ended);
        this.waiting.shift()?.();
      });
    this.underWay.add(ended);
    if (this.underWay.size >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.check();
  }

  /** All has ended when it answers. @throws what failed first */
  async all(): Promise<void> {
    await this.settled();
    this.check();
  }

  /** All has ended when it answers, well or not. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private check(): void {
    if (this.first) throw this.first.error;
  }
}
