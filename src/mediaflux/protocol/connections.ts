// Who may use one of the connections with a server. A call waits for its turn here and not in the HTTP client, so that it
// can be told to give up: by its caller, by a breaker that opens, or after a while.

import { onEnd } from './ends.js';
import { MediafluxError } from './errors.js';
import { isTimeLimit } from './network-errors.js';

/** It says nothing of the server: all connections are in use by this program. */
export class NoConnectionFree extends MediafluxError {
  constructor(connections: number) {
    super('busy', `All ${connections} connections with Mediaflux are in use.`);
  }
}

export class Connections {
  private inUse = 0;
  /** In the order in which they came. */
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly most: number,
    private readonly longestWaitMs: number,
  ) {}

  /**
   * @returns what gives the connection back
   * @throws NoConnectionFree it waited too long, also by a time limit among `ends`; and the reason of any other of `ends`
   */
  async take(ends: readonly AbortSignal[]): Promise<() => void> {
    const ended = ends.find((end) => end.aborted);
    if (ended) throw this.reasonOf(ended.reason);
    if (this.inUse < this.most) this.inUse += 1;
    else await this.turn(ends);
    let isHeld = true;
    return () => {
      if (isHeld) this.giveBack();
      isHeld = false;
    };
  }

  private turn(ends: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopWaiting = (): void => {
        clearTimeout(timer);
        stopLooking();
        this.waiting.delete(come);
      };
      const come = (): void => {
        stopWaiting();
        resolve();
      };
      const leave = (reason: unknown): void => {
        stopWaiting();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
        reject(this.reasonOf(reason));
      };
      const timer = setTimeout(() => leave(new NoConnectionFree(this.most)), this.longestWaitMs);
      const stopLooking = onEnd(ends, leave);
      this.waiting.add(come);
    });
  }

  /** It goes to the first that waits, and stays in use. */
  private giveBack(): void {
    const [first] = this.waiting;
    if (first) first();
    else this.inUse -= 1;
  }

  private reasonOf(reason: unknown): unknown {
    return isTimeLimit(reason) ? new NoConnectionFree(this.most) : reason;
  }
}
