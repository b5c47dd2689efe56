// Names that trip programs up: there and back unchanged, or refused with a clear word before anything moves.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusal, windowsTrouble } from '../../data-mover/tree/names.rules.js';
import { contentsOf } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { Stage } from './stage.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  await stage.close();
});

const AWKWARD = [
  'e\u0301.txt',
  '\u00e9.txt',
  '🔬🧫.tif',
  'x'.repeat(255),
  '日'.repeat(85),
  '.hidden',
  ' leading space',
  'trailing space ',
  'trailing dot.',
  '...',
  "it's",
  'double"quote',
  'back\\slash',
  '<tag>&amp;',
  ']]>',
  'CON',
  'nul.txt',
  'a:b',
  'what?',
  '*',
  '%41',
  '$(echo)',
  '-rf',
  '#1',
  "' or namespace>='",
  'ﬁ',
  'İ',
  '\u202egpj.exe',
  '\u{10ffff}',
];

/** One name of a file or folder that Linux can hold and this program does not refuse. */
const name = fc
  .oneof(
    { arbitrary: fc.constantFrom(...AWKWARD), weight: 2 },
    { arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), weight: 3 },
    { arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), weight: 1 },
  )
  .filter((text) => !text.includes('/') && text !== '.' && text !== '..' && Buffer.from(text).toString() === text)
  .filter((text) => refusal(text) === undefined && Buffer.byteLength(text) <= 255);

const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));

/** Of paths that could not all be, those that can: no file where another needs a folder. */
function together(paths: readonly string[]): string[] {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const one of paths) {
    const above = one.split('/').map((_, index, names) => names.slice(0, index).join('/'));
    if (files.has(one) || folders.has(one) || above.some((folder) => files.has(folder))) continue;
    files.add(one);
    for (const folder of above) folders.add(folder);
  }
  return [...files];
}

it('come back as they went, whatever a file system allows', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(path, { minLength: 10, maxLength: 60 }), async (drawn) => {
      number += 1;
      const folder = join(stage.work, `names-${number}`);
      const paths = together([...(number === 1 ? AWKWARD : []), ...drawn]);
      for (const [index, one] of paths.entries()) {
        mkdirSync(join(folder, one, '..'), { recursive: true });
        writeFileSync(join(folder, one), `content ${index}`);
      }
      const recipient = `names-${number}@example.org`;
      const args = ['upload', '--settings', stage.settings, '--to', recipient, '--quiet', folder];
      expect(await stage.mover(...args).finished).toMatchObject({ code: 0 });
      const link = linkIn(await stage.program.mailbox.next(recipient, /your data/));
      const out = `${folder}-out`;
      expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
      expect(contentsOf(out)).toEqual(contentsOf(folder));
      expect(await stage.mover('verify', out, '--quiet').finished).toMatchObject({ code: 0 });
    }),
    { numRuns: LONG ? 30 : 4, endOnFailure: true },
  );
});

it('are refused when Mediaflux could not hold them, and only then', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (text) => {
      const isHopeless =
        // eslint-disable-next-line no-control-regex -- what is refused
        /[\x00-\x1f\x7f-\x9f\ufffd\ufffe\uffff]/.test(text) ||
        text.split('/').some((part) => Buffer.byteLength(part) > 255);
      expect(refusal(text) !== undefined).toBe(isHopeless);
    }),
  );
});

it('are warned about when Windows could not hold them, also with other letters and an ending', () => {
  for (const device of ['con', 'PRN', 'Aux', 'nul', 'com1', 'LPT9'])
    for (const text of [device, `${device}.txt`, `folder/${device}.tar.gz`]) expect(windowsTrouble(text)).toBeDefined();
  for (const text of ['console', 'com', 'com10', 'a.con', '.con', 'null']) expect(windowsTrouble(text)).toBeUndefined();
});
