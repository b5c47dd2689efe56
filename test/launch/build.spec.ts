// When a checkout is built: a small one, with the scripts and packages of this one.

import { beforeAll, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshFolder } from '../support/folders.js';
import { root } from '../support/program.js';

const checkout = freshFolder();
const PROGRAMS = ['src/main', 'src/embedded/mailbox/main', 'emulator/main', 'data-mover/main'];

beforeAll(() => {
  cpSync(join(root, 'scripts'), join(checkout, 'scripts'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.swcrc'])
    copyFileSync(join(root, name), join(checkout, name));
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'junction');
  for (const program of PROGRAMS) {
    mkdirSync(dirname(join(checkout, program)), { recursive: true });
    writeFileSync(
      join(checkout, `${program}.ts`),
      `import { said } from '${relation(program)}shared.js';\nconsole.log(said());\n`,
    );
  }
  writeFileSync(join(checkout, 'src', 'shared.ts'), `export const said = (): string => 'first';\n`);
  expect(isBuiltAnew()).toBe(true);
});

const relation = (program: string): string =>
  program.startsWith('src/') ? '../'.repeat(program.split('/').length - 2) || './' : '../src/';

function isBuiltAnew(): boolean {
  const { status, stderr } = spawnSync(process.execPath, [join(checkout, 'scripts', 'build.mjs')], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^(Building …\n)?$/)]);
  return stderr !== '';
}

const built = (path: string): string => join(checkout, 'dist', path);
const runs = (program: string): string =>
  execFileSync(process.execPath, [built(`${program}.js`)], { encoding: 'utf8' }).trim();

it('is built anew when a source changed, and not while nothing did', () => {
  expect(isBuiltAnew()).toBe(false);
  expect(PROGRAMS.map(runs)).toEqual(['first', 'first', 'first', 'first']);
  writeFileSync(join(checkout, 'src', 'shared.ts'), `export const said = (): string => 'second';\n`);
  expect(isBuiltAnew()).toBe(true);
  expect(PROGRAMS.map(runs)).toEqual(['second', 'second', 'second', 'second']);
});

it.each<[string, string, (path: string) => void]>([
  [
    'a program was damaged without a change of its length',
    'emulator/main.js',
    (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('return', 'retort')),
  ],
  ['one of many files was changed', 'src/shared.js', (path) => writeFileSync(path, '')],
  ['a program is missing', 'data-mover-program/data-mover.cjs', (path) => rmSync(path)],
  ['a file came that no source has', 'src/main.spec.js', (path) => writeFileSync(path, '')],
])('is built anew, once, when %s', (_, path, change) => {
  change(built(path));
  expect(isBuiltAnew()).toBe(true);
  expect(isBuiltAnew()).toBe(false);
  expect(runs('emulator/main')).toMatch(/^(first|second)$/);
});
