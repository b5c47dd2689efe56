// A stream that gives its connection back also when it is left before its first part: a generator that was never begun
// runs none of its `finally`.

/** @param close what to do then; a generator that was begun does it by itself */
export function closable<T>(parts: AsyncGenerator<T>, close: () => Promise<void>): AsyncIterableIterator<T> {
  let isBegun = false;
  const leave = async (): Promise<void> => {
    if (isBegun) return;
    isBegun = true;
    await close();
  };
  const whole: AsyncIterableIterator<T> = {
    next() {
      isBegun = true;
      return parts.next();
    },
    async return(value?: unknown) {
      await leave();
      return parts.return(value);
    },
    async throw(error?: unknown) {
      await leave();
      return parts.throw(error);
    },
    [Symbol.asyncIterator]: () => whole,
  };
  return whole;
}
