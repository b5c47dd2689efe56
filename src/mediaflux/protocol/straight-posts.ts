// Short requests whose bodies are in memory, by kept connections of their own. The HTTP client reads all answers that are
// here before it writes the next request of any, so that with several files under way the server has nothing to do meanwhile;
// here the next request leaves as soon as the answer before it is read. Only answers of the plainest kind are read: all others
// are left to that client.

import { KeptConnection, type PostEnds } from './kept-connection.js';
import { closedHere, type ConnectionLimits, HEAD_END } from './straight-connection.js';
import type { WholeReply } from './whole-reply.js';

export class StraightPosts {
  private readonly all = new Set<KeptConnection>();
  private readonly idle: KeptConnection[] = [];

  constructor(
    private readonly address: URL,
    private readonly limits: ConnectionLimits,
  ) {}

  /**
   * The answer, if it tells its length, is not encoded, and is no longer than a mebibyte; undefined: it is of another kind,
   * and the HTTP client has to ask again. So the request must be one that may be made twice.
   * @param body not written to by anyone until this has answered
   * @throws errors of the network by their codes; the reason of the signal
   */
  async post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    ends: PostEnds,
  ): Promise<WholeReply | undefined> {
    ends.signal?.throwIfAborted();
    const connection = this.usable() ?? (await this.opened(ends.signal));
    return connection.exchange(`POST ${path} HTTP/1.1\r\nhost: ${this.address.host}${fieldsOf(headers)}`, body, ends);
  }

  close(): void {
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
      isIdle: () => this.idle.push(connection),
      hasEnded: () => {
        this.all.delete(connection);
        const at = this.idle.indexOf(connection);
        if (at >= 0) this.idle.splice(at, 1);
      },
    });
    this.all.add(connection);
    await connection.isOpen(signal);
    return connection;
  }
}

const fieldsOf = (headers: Readonly<Record<string, string>>): string => {
  let fields = '';
  for (const name in headers) fields += `\r\n${name}: ${headers[name] ?? ''}`;
  return fields + HEAD_END;
};
