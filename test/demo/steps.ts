// The demonstration's voice: each step says what it does and what it checked; the first that does not hold ends it.

export class Steps {
  private number = 0;

  title(text: string): void {
    process.stdout.write(`\n${text}\n${'='.repeat(text.length)}\n`);
  }

  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.number += 1;
    process.stdout.write(`\n${String(this.number).padStart(2)}. ${what}\n`);
    return work();
  }

  say(text: string): void {
    process.stdout.write(`    ${text.replace(/\n/g, '\n    ')}\n`);
  }

  /** @throws Error it does not hold */
  check(holds: boolean, what: string): void {
    process.stdout.write(`    ${holds ? 'ok  ' : 'NOT '} ${what}\n`);
    if (!holds) throw new Error(`This does not hold: ${what}`);
  }
}

/** Equal in every path and every byte. */
export const isSameTree = (left: Record<string, string>, right: Record<string, string>): boolean =>
  JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
