// How a command ends. Contract: 0 done and verified, 1 failed and can be run again, 2 wrong use, 3 the link or token is
// no longer valid.

export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 = 1,
    /** The file that it is about, where there is one. */
    readonly path?: string,
    /** What the dispatch server answered, where it did. */
    readonly status?: number,
    /** Type of the problem that it told, where it did; RFC 9457. */
    readonly problem?: string,
  ) {
    super(message);
  }
}

export const wrongUse = (message: string): Failure => new Failure(message, 2);
export const noLongerValid = (message: string): Failure => new Failure(message, 3);
