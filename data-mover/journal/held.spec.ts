import { afterEach, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { freshFolder } from '../../test/support/folders.js';
import { type Held, holdShared } from './held.js';

const before = process.env['DATA_MOVER_COMPUTER'];
afterEach(() => {
  if (before === undefined) delete process.env['DATA_MOVER_COMPUTER'];
  else process.env['DATA_MOVER_COMPUTER'] = before;
});

function holdOn(computer: string, folder: string, takeOver?: string): Promise<Held> {
  process.env['DATA_MOVER_COMPUTER'] = computer;
  return holdShared(folder, { what: 'this folder', orElse: '' }, takeOver);
}

it('a run that was taken over is told so, and lets go of nothing that is another’s', async () => {
  const folder = freshFolder();
  const first = await holdOn('node-1', folder);
  expect(() => first.mustBeOurs()).not.toThrow();
  await expect(holdOn('node-2', folder)).rejects.toThrow('The computer node-1 is at this folder');
  const second = await holdOn('node-2', folder, 'node-1');
  expect(() => second.mustBeOurs()).not.toThrow();
  expect(() => first.mustBeOurs()).toThrow('The computer node-2 has taken this folder over');
  first.letGo();
  expect(() => second.mustBeOurs()).not.toThrow();
  second.letGo();
  expect(() => first.mustBeOurs()).toThrow('Another computer has taken this folder over');
  // Where the system locks files, those stay.
  expect(readdirSync(folder).filter((name) => !name.startsWith('lock-'))).toEqual([]);
});
