// Small files read and written whole.

import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { AtOnce } from './at-once.js';
import { type FileState, stateOf } from './local-content.js';

export interface Snapshot extends FileState {
  /** One byte more than `size` when the file grew meanwhile. */
  bytes: Buffer;
}

const reading = new AtOnce();
const writing = new AtOnce();

/** @param limit bytes that are read at most */
export function readSmall(path: string, limit: number): Promise<Snapshot> {
  return reading.run(
    () => readNow(path, limit),
    () => readElsewhere(path, limit),
  );
}

/** Under a temporary name until it is whole. */
export function writeSmall(
  temporary: string,
  place: string,
  parts: readonly Buffer[],
  modified: Date | undefined,
): Promise<void> {
  const bytes = Buffer.concat(parts);
  return writing.run(
    () => {
      try {
        writeFileSync(temporary, bytes);
        if (modified) utimesSync(temporary, modified, modified);
        renameSync(temporary, place);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    },
    async () => {
      try {
        await writeFile(temporary, bytes);
        if (modified) await utimes(temporary, modified, modified);
        await rename(temporary, place);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  );
}

function readNow(path: string, limit: number): Snapshot {
  const descriptor = openSync(path, 'r');
  try {
    const found = stateOf(fstatSync(descriptor));
    const bytes = Buffer.allocUnsafe(Math.min(found.size, limit) + 1);
    return { ...found, bytes: bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0)) };
  } finally {
    closeSync(descriptor);
  }
}

async function readElsewhere(path: string, limit: number): Promise<Snapshot> {
  const file = await open(path);
  try {
    const found = stateOf(await file.stat());
    const bytes = Buffer.allocUnsafe(Math.min(found.size, limit) + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return { ...found, bytes: bytes.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}
