import { expect, it } from '@jest/globals';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../test/support/folders.js';
import { renameInTime, renameNow } from './renames.js';
import { writeNow } from './writing-thread.js';

const inUse = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code, syscall: 'rename' });

/** Renames that another program is in the way of, the first so many times. */
function disk(refusals: number, code = 'EPERM') {
  const told = { tries: 0 };
  const renameSync = (from: fs.PathLike, to: fs.PathLike): void => {
    told.tries += 1;
    if (told.tries <= refusals) throw inUse(code);
    fs.renameSync(from, to);
  };
  return { told, fs: { ...fs, renameSync } };
}

const file = () => {
  const folder = freshFolder();
  const [temporary, place] = [join(folder, 'temporary'), join(folder, 'place')];
  return { temporary, place, bytes: Buffer.from('content'), modified: undefined };
};

it('a small file has its name once the other program is done with it', () => {
  const { told, fs: slow } = disk(2);
  const small = file();
  const patience = { pauses: 5 };
  writeNow(slow, small, (from, to) => renameNow(slow, [from, to], patience));
  expect(fs.readFileSync(small.place, 'utf8')).toBe('content');
  expect({ ...told, ...patience }).toEqual({ tries: 3, pauses: 3 });
});

it('the same while other work goes on', async () => {
  const { told, fs: slow } = disk(2, 'EBUSY');
  const { temporary, place } = file();
  fs.writeFileSync(temporary, 'large');
  await renameInTime(temporary, place, { pauses: 5 }, async (from, to) => slow.renameSync(from, to));
  expect(fs.readFileSync(place, 'utf8')).toBe('large');
  expect(told.tries).toBe(3);
});

it.each([
  ['what does not pass is told at once', 'EISDIR', 5, 1],
  ['files that follow each other share the patience', 'EACCES', 1, 2],
  ['where it is none of this system, nothing is tried again', 'EPERM', 0, 1],
])('%s', async (_, code, pauses, tries) => {
  for (const isAtOnce of [true, false]) {
    const { told, fs: refusing } = disk(Infinity, code);
    const small = file();
    const attempt = async (): Promise<void> => {
      if (isAtOnce) writeNow(refusing, small, (from, to) => renameNow(refusing, [from, to], { pauses }));
      else
        await renameInTime(small.temporary, small.place, { pauses }, async (from, to) => refusing.renameSync(from, to));
    };
    await expect(attempt()).rejects.toThrow(code);
    expect(told.tries).toBe(tries);
    expect(fs.existsSync(small.temporary)).toBe(false);
  }
});
