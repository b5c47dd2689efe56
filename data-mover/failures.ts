// How a command ends. Contract: 0 done and verified, 1 failed and can be run again, 2 wrong use, 3 the link or token is
// no longer valid.

/** What the dispatch server told; RFC 9457. */
export interface ToldProblem {
  type?: string | undefined;
  /** All of it would be allowed later. */
  passes: boolean;
}

export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 = 1,
    /** The file that it is about, where there is one. */
    readonly path?: string,
    /** What the dispatch server answered, where it did. */
    readonly status?: number,
    readonly problem?: ToldProblem,
  ) {
    super(message);
  }
}

export const wrongUse = (message: string): Failure => new Failure(message, 2);
export const noLongerValid = (message: string): Failure => new Failure(message, 3);
