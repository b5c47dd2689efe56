// The bytes of a local file for the network or a checksum, read ahead into memory that is read into again. A stream of Node takes new
// memory for each part: a third of the processor time of an upload went into giving that back.

import { type FileHandle, open } from 'node:fs/promises';

/** Small enough that a part is still in the processor's cache when it is summed and sent. */
const PART_BYTES = 512 * 1024;
/** One that is read, one that is looked at, one that the network may still hold. */
const PARTS = 3;

/**
 * Bytes of a file from `offset` on. A part stays as it is until the second one after it was asked for; a consumer that
 * keeps parts longer must copy them.
 * @param length how many at most; undefined: to its end, wherever that is by then, so that growth shows
 */
export async function* fileParts(
  path: string,
  offset: number,
  length: number | undefined,
  onPart: (part: Buffer) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const file = await open(path);
  let next: Promise<Buffer> | undefined;
  try {
    const end = length === undefined ? Number.POSITIVE_INFINITY : offset + length;
    const memory: Buffer[] = [];
    let position = offset;
    for (let turn = 0; ; turn += 1) {
      next ??= readPart(file, memoryOf(memory, turn), position, end);
      const part = await next;
      if (part.length === 0) return;
      position += part.length;
      next = readPart(file, memoryOf(memory, turn + 1), position, end);
      // Looked at when its turn comes; until then a failure must not end the process.
      next.catch(() => undefined);
      onPart(part);
      yield part;
    }
  } finally {
    // Nobody may read into memory, or from a number that is another file's by then.
    await Promise.allSettled([next]);
    await file.close();
  }
}

function memoryOf(memory: Buffer[], turn: number): Buffer {
  return (memory[turn % PARTS] ??= Buffer.allocUnsafeSlow(PART_BYTES));
}

/** Empty at the end of what is wanted. */
async function readPart(file: FileHandle, into: Buffer, position: number, end: number): Promise<Buffer> {
  const wanted = Math.min(into.length, end - position);
  if (wanted <= 0) return into.subarray(0, 0);
  const { bytesRead } = await file.read(into, 0, wanted, position);
  return into.subarray(0, bytesRead);
}
