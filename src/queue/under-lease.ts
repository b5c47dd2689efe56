// A job that holds something by a lease: renewed while it works, ended when it is lost, and quiet before it is given back.

export interface Lease {
  renewEveryMs: number;
  /** Answers why the work must end, if it must; never rejects. */
  renew: () => Promise<Error | undefined>;
  release: () => Promise<void>;
}

/**
 * Does `work` with a signal that aborts when the process stops or the lease is lost. No renewal is under way when the
 * lease is released: one that came after would hold it for nobody.
 *
 * @throws what `work` throws, or why it had to end
 */
export async function underLease<T>(
  { renewEveryMs, renew, release }: Lease,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  let renewing: Promise<void> | undefined;
  const attend = async (): Promise<void> => {
    const because = await renew();
    if (because) ending.abort(because);
    renewing = undefined;
  };
  const attending = setInterval(() => {
    renewing ??= attend();
  }, renewEveryMs);
  try {
    return await work(AbortSignal.any([stopping, ending.signal]));
  } catch (error) {
    ending.signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(attending);
    await renewing;
    await release();
  }
}
