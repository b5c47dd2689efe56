// Small files read whole.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AtOnce } from './at-once.js';
import { type FileState, stateOf } from './local-content.js';

export interface Snapshot extends FileState {
  /** One byte more than `size` when the file grew meanwhile. */
  bytes: Buffer;
  /** Memory in whose midst they lie; whoever uses them may write to the rest of it. */
  around: Buffer;
}

const reading = new AtOnce();

/** Files of more bytes are none of these. */
export const SMALL_BYTES = 128 * 1024;

/** Room in memory before a content and after it, for what goes before it and after it on its way. */
const BEFORE_BYTES = 16 * 1024;
const AFTER_BYTES = 1024;

/** Memory to read into, used again: a fresh piece for each of a million files keeps the collector of garbage busy. */
const free: Buffer[] = [];

/** Hands the content to `use`, which must be done with it when it answers. */
export async function withSmall<T>(path: string, use: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const around = free.pop() ?? Buffer.allocUnsafeSlow(BEFORE_BYTES + SMALL_BYTES + 1 + AFTER_BYTES);
  const memory = around.subarray(BEFORE_BYTES, BEFORE_BYTES + SMALL_BYTES + 1);
  const snapshot = await reading.run(
    () => readNow(path, memory),
    () => readElsewhere(path, memory),
  );
  const answer = await use({ ...snapshot, around });
  // After an error a connection that is about to end may still be sending from it: then it is not used again.
  free.push(around);
  return answer;
}

function readNow(path: string, memory: Buffer): Omit<Snapshot, 'around'> {
  const descriptor = openSync(path, 'r');
  try {
    const found = stateOf(fstatSync(descriptor));
    const wanted = Math.min(found.size, SMALL_BYTES) + 1;
    return { ...found, bytes: memory.subarray(0, readSync(descriptor, memory, 0, wanted, 0)) };
  } finally {
    closeSync(descriptor);
  }
}

async function readElsewhere(path: string, memory: Buffer): Promise<Omit<Snapshot, 'around'>> {
  const file = await open(path);
  try {
    const found = stateOf(await file.stat());
    const wanted = Math.min(found.size, SMALL_BYTES) + 1;
    const { bytesRead } = await file.read(memory, 0, wanted, 0);
    return { ...found, bytes: memory.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}
