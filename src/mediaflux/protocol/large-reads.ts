// Memory that a connection's bytes are read into: by large parts, since each part costs a turn of the event loop and its
// way through the HTTP client, and Node by itself reads 64 KiB at a time.

import type { OnReadOpts, Socket } from 'node:net';

/** What is left of a block after a read is used for the next as long as it is worth one. */
const SMALLEST_READ_BYTES = 64 * 1024;
/** More than a few are left over only where many connections have ended. */
const MOST_RESTS = 8;

/**
 * The option `onread` of any number of connections: each reads up to `blockBytes` at a time. A stretch of memory is given
 * to one connection only, and what was read into it stays as it is.
 * @see https://nodejs.org/docs/latest-v20.x/api/net.html#socketconnectoptions-connectlistener
 */
export function largeReads(blockBytes: number): OnReadOpts {
  const rests: Uint8Array[] = [];
  return {
    buffer: () => rests.pop() ?? Buffer.allocUnsafeSlow(blockBytes),
    callback(this: Socket, bytes: number, memory: Uint8Array): boolean {
      const part = Buffer.from(memory.buffer, memory.byteOffset, bytes);
      const rest = memory.subarray(bytes);
      if (rest.length >= SMALLEST_READ_BYTES && rests.length < MOST_RESTS) rests.push(rest);
      return this.push(part);
    },
  };
}
