// Small files that a thread writes: each as it was given, each failure with its file, and nobody is left waiting.

import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, jest } from '@jest/globals';
import { SmallWrites } from '../../data-mover/disk/small-writes.js';
import { type FileIn, type SmallFile, WritingThread } from '../../data-mover/disk/writing-thread.js';
import { bytesOf } from '../support/files.js';
import { freshFolder, removeFolders } from '../support/folders.js';

const work = freshFolder();
afterAll(() => removeFolders(work));

let folders = 0;
/** A fresh folder, and files for it. */
function place(): { folder: string; file: (name: string, bytes: Uint8Array, modified?: number) => SmallFile } {
  folders += 1;
  const folder = join(work, String(folders));
  mkdirSync(join(folder, 'partial'), { recursive: true });
  return {
    folder,
    file: (name, bytes, modified) => ({
      temporary: join(folder, 'partial', name),
      place: join(folder, name),
      bytes,
      modified,
    }),
  };
}

it('writes thousands, of no bytes to the most, each with its time', async () => {
  const { folder, file } = place();
  const writes = new SmallWrites();
  const files = Array.from({ length: 1_500 }, (_, index) =>
    file(`f${index}`, bytesOf(`f${index}`, (index % 7) ** 6), index % 2 === 0 ? 1_500_000_000 + index : undefined),
  );
  await Promise.all(files.map((each) => writes.write(each)));
  await writes.close();
  for (const { place: at, bytes, modified } of files) {
    expect(readFileSync(at).equals(bytes)).toBe(true);
    if (modified !== undefined) expect(statSync(at).mtimeMs).toBe(modified * 1_000);
  }
  expect(readdirSync(join(folder, 'partial'))).toEqual([]);
});

it('uses the bytes until it answers and no longer', async () => {
  const { file } = place();
  const thread = new WritingThread(() => undefined);
  const rounds = Array.from({ length: 200 }, async (_, index) => {
    const bytes = Buffer.alloc(1_000, index);
    const each = file(`f${index}`, bytes);
    await thread.write(each);
    bytes.fill(0xee);
    return each.place;
  });
  for (const [index, at] of (await Promise.all(rounds)).entries())
    expect(readFileSync(at).equals(Buffer.alloc(1_000, index))).toBe(true);
  await thread.close();
});

it('tells of one that cannot be written, leaves nothing of it, and writes those beside it', async () => {
  const { folder, file } = place();
  mkdirSync(join(folder, 'f3', 'in the way'), { recursive: true });
  const thread = new WritingThread(() => undefined);
  const ends = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) => thread.write(file(`f${index}`, Buffer.from('content')))),
  );
  await thread.close();
  const failed = ends.flatMap((end, index) =>
    end.status === 'rejected' ? [{ index, error: end.reason as unknown }] : [],
  );
  expect(failed).toEqual([{ index: 3, error: expect.objectContaining({ syscall: 'rename' }) as unknown }]);
  expect((failed[0]?.error as NodeJS.ErrnoException).code).toMatch(/^(EISDIR|EEXIST|ENOTEMPTY)$/);
  expect(readdirSync(join(folder, 'partial'))).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(41);
});

const mayWait = process.platform !== 'win32' && spawnSync('mkfifo', ['--version']).status === 0;

// A pipe holds up whoever opens it to write until somebody reads: a disk that lets us wait, for as long as a test likes.
(mayWait ? it : it.skip)('writes the few that came while it was at others, however long those took', async () => {
  const { folder, file } = place();
  const held = file('held', Buffer.from('held'));
  spawnSync('mkfifo', [held.temporary]);
  const thread = new WritingThread(() => undefined);
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  try {
    const first = thread.write(held);
    jest.advanceTimersByTime(1_000);
    const others = ['a', 'b', 'c'].map((name) => thread.write(file(name, Buffer.from(name))));
    jest.advanceTimersByTime(1_000);
    createReadStream(held.temporary).resume();
    await first;
    jest.advanceTimersByTime(1_000);
    await Promise.all(others);
  } finally {
    jest.useRealTimers();
  }
  await thread.close();
  for (const name of ['a', 'b', 'c']) expect(readFileSync(join(folder, name), 'utf8')).toBe(name);
});

it('has written what was begun when it is closed', async () => {
  const { folder, file } = place();
  const thread = new WritingThread(() => undefined);
  const writes = [1, 2, 3].map((name) => thread.write(file(String(name), Buffer.from('content'))));
  await thread.close();
  await Promise.all(writes);
  expect([1, 2, 3].every((name) => existsSync(join(folder, String(name))))).toBe(true);
});

/** Files one after the other in one memory. */
function inOneMemory(files: readonly SmallFile[]): { memory: ArrayBuffer; parts: FileIn[] } {
  const memory = new ArrayBuffer(files.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let end = 0;
  const parts = files.map(({ bytes, ...rest }) => {
    const at = end;
    new Uint8Array(memory).set(bytes, at);
    end += bytes.length;
    return { ...rest, at, length: bytes.length };
  });
  return { memory, parts };
}

it.each([
  ['a few', 20],
  ['many', 600],
])('writes %s from one memory, names those it could not write, and gives the memory back', async (_, count) => {
  const { folder, file } = place();
  mkdirSync(join(folder, 'f3', 'in the way'), { recursive: true });
  const files = Array.from({ length: count }, (_, index) =>
    file(`f${index}`, bytesOf(`in one ${index}`, 100 + index), index % 2 === 0 ? 1_500_000_000 + index : undefined),
  );
  const { memory, parts } = inOneMemory(files);
  const bytes = memory.byteLength;
  const writes = new SmallWrites();
  const written = await writes.writeAll(memory, parts);
  await writes.close();
  expect(written.memory.byteLength).toBe(bytes);
  expect([...written.troubles]).toEqual([[3, expect.objectContaining({ syscall: 'rename' })]]);
  for (const { place: at, bytes: content, modified } of files.toSpliced(3, 1)) {
    expect(readFileSync(at).equals(content)).toBe(true);
    if (modified !== undefined) expect(statSync(at).mtimeMs).toBe(modified * 1_000);
  }
  expect(readdirSync(join(folder, 'partial'))).toEqual([]);
});

it('has written from one memory what was begun when it is closed, and single files beside it', async () => {
  const { folder, file } = place();
  const thread = new WritingThread(() => undefined);
  const { memory, parts } = inOneMemory(
    Array.from({ length: 50 }, (_, index) => file(`m${index}`, Buffer.from('many'))),
  );
  const ends = [thread.writeAll(memory, parts), thread.write(file('one', Buffer.from('one')))];
  await thread.close();
  await Promise.all(ends);
  expect(readdirSync(folder)).toHaveLength(52);
});
