// Short requests whose bodies are in memory, by kept connections of their own. The HTTP client reads all answers that are
// here before it writes the next request of any, so that with several files under way the server has nothing to do meanwhile;
// here the next request leaves as soon as the answer before it is read. Only answers of the plainest kind are read: all others
// are left to that client.

import { KeptConnection, type PostEnds, Stale } from './kept-connection.js';
import type { ConnectionLimits } from './limits.js';
import { closedHere, HEAD_END } from './straight-connection.js';
import type { WholeReply } from './whole-reply.js';

/**
 * So many in a row that were used again in vain, which are more than one end of a server leaves behind: it keeps none, and
 * does not say so.
 */
const MOST_STALE = 100;

export class StraightPosts {
  private readonly all = new Set<KeptConnection>();
  private readonly idle: KeptConnection[] = [];
  private staleInARow = 0;
  private isClosed = false;

  constructor(
    private readonly address: URL,
    private readonly limits: ConnectionLimits,
  ) {}

  /**
   * The answer, if it tells its length, is not encoded, and is no longer than a mebibyte; of another one that is no success
   * (200) all but the body. Undefined: it is of another kind, or the server keeps no connections, and the HTTP client has to
   * ask. So the request must be one that may be made twice.
   * @param headers `content-length` among them
   * @param body not written to by anyone until this has answered
   * @throws errors of the network by their codes; the reason of the signal
   */
  async post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    ends: PostEnds,
  ): Promise<WholeReply | undefined> {
    const fields = { host: this.address.host, connection: 'keep-alive', ...headers };
    const head = `POST ${path} HTTP/1.1${textOf(fields)}${HEAD_END}`;
    for (;;) {
      ends.signal?.throwIfAborted();
      if (this.isClosed) throw closedHere();
      const connection = this.usable() ?? (await this.opened(ends.signal));
      try {
        const reply = await connection.exchange(head, body, ends);
        if (connection.isUsedAgain) this.staleInARow = 0;
        return reply;
      } catch (error) {
        if (!(error instanceof Stale)) throw error;
        this.staleInARow += 1;
        if (this.staleInARow >= MOST_STALE) return undefined;
      }
    }
  }

  /** Nothing goes out any more, also of what had to wait or is made again. */
  close(): void {
    this.isClosed = true;
    for (const connection of this.all) connection.close(closedHere());
  }

  private usable(): KeptConnection | undefined {
    for (;;) {
      const connection = this.idle.pop();
      if (!connection?.hasEnded) return connection;
    }
  }

  private async opened(signal: AbortSignal | undefined): Promise<KeptConnection> {
    const connection = new KeptConnection(this.address, this.limits, {
      becameIdle: () => this.idle.push(connection),
      ended: () => {
        this.all.delete(connection);
        const at = this.idle.indexOf(connection);
        if (at >= 0) this.idle.splice(at, 1);
      },
    });
    this.all.add(connection);
    await connection.open(signal);
    return connection;
  }
}

const textOf = (fields: Readonly<Record<string, string>>): string => {
  let text = '';
  for (const name in fields) text += `\r\n${name}: ${fields[name] ?? ''}`;
  return text;
};
