// Memory that a connection's bytes are read into: by large parts, since each part costs a turn of the event loop and its
// way through the HTTP client, and Node by itself reads 64 KiB at a time. Memory that whoever read it gives back is read
// into again: fresh memory for every byte of a large content costs more than moving the byte.

import type { OnReadOpts, Socket } from 'node:net';

/** What is left of a block after a read is used for the next as long as it is worth one. */
const SMALLEST_READ_BYTES = 64 * 1024;
/** More than a few are left over only where many connections have ended. */
const MOST_RESTS = 8;
/** Kept for further reads, at most so many blocks. */
const MOST_FREE = 48;

interface Block {
  memory: Buffer;
  /** Where each read into it ended, first to last. */
  ends: number[];
  /** Bytes of it that were read into and handed on. */
  handedOn: number;
  /** Bytes of those that came back. */
  givenBack: number;
  /** Nothing more is read into it. */
  isUsedUp: boolean;
}

export class LargeReads {
  private readonly rests: Uint8Array[] = [];
  private readonly free: Block[] = [];
  private readonly blocks = new WeakMap<ArrayBufferLike, Block>();

  constructor(private readonly blockBytes: number) {}

  /**
   * The option `onread` of any number of connections: each reads up to a block at a time. A stretch of memory is given to
   * one connection only, and what was read into it stays as it is until it is given back.
   * @see https://nodejs.org/docs/latest-v20.x/api/net.html#socketconnectoptions-connectlistener
   */
  onread(): OnReadOpts {
    const take = (bytes: number, memory: Uint8Array): Buffer => this.take(bytes, memory);
    return {
      buffer: () => this.rests.pop() ?? this.emptyBlock(),
      callback(this: Socket, bytes: number, memory: Uint8Array): boolean {
        return this.push(take(bytes, memory));
      },
    };
  }

  /**
   * Nobody reads or writes `part` any more; each may be given back once. A block of which everything came back is read
   * into again. Bytes that are not from here, as those of a copy, are left alone.
   */
  giveBack(part: Uint8Array): void {
    const block = this.blocks.get(part.buffer);
    if (!block) return;
    this.came(block, part.length);
  }

  /**
   * As `giveBack`, of all parts of an answer that came to its end, and of all that was read with them: the answer's head,
   * and what stands between its parts. Only where nothing is asked on a connection before the last answer is whole.
   */
  giveBackReadsOf(parts: Iterable<Uint8Array>): void {
    let last: { block: Block; read: number } | undefined;
    for (const { buffer, byteOffset, length } of parts) {
      const block = this.blocks.get(buffer);
      if (!block || length === 0) continue;
      const read = block.ends.findLastIndex((end) => end <= byteOffset) + 1;
      if (last?.block === block && last.read === read) continue;
      last = { block, read };
      this.came(block, (block.ends[read] ?? 0) - (block.ends[read - 1] ?? 0));
    }
  }

  private came(block: Block, bytes: number): void {
    block.givenBack += bytes;
    if (!block.isUsedUp || block.givenBack !== block.handedOn || this.free.length >= MOST_FREE) return;
    Object.assign(block, { ends: [], handedOn: 0, givenBack: 0, isUsedUp: false });
    this.free.push(block);
  }

  private take(bytes: number, memory: Uint8Array): Buffer {
    const block = this.blocks.get(memory.buffer);
    const rest = memory.subarray(bytes);
    const isWorthARead = rest.length >= SMALLEST_READ_BYTES && this.rests.length < MOST_RESTS;
    if (isWorthARead) this.rests.push(rest);
    if (block) {
      block.handedOn += bytes;
      block.ends.push(memory.byteOffset + bytes);
      block.isUsedUp = !isWorthARead;
    }
    return Buffer.from(memory.buffer, memory.byteOffset, bytes);
  }

  private emptyBlock(): Buffer {
    const kept = this.free.pop();
    if (kept) return kept.memory;
    const memory = Buffer.allocUnsafeSlow(this.blockBytes);
    this.blocks.set(memory.buffer, { memory, ends: [], handedOn: 0, givenBack: 0, isUsedUp: false });
    return memory;
  }
}
