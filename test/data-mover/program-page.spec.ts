// The Data Mover as people get it: one file from the server, with its checksum and a page that says what to do.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { freshFolder } from '../support/folders.js';
import { writeTree } from '../support/files.js';
import { root } from '../support/program.js';
import { Mover, Stage } from './stage.js';

let stage: Stage;
let server: string;
beforeAll(async () => {
  stage = await Stage.open();
  ({ server } = stage.program.endpoints);
});
afterAll(async () => {
  await stage.close();
});

it('is explained for each system on a page without script or third party', async () => {
  expect((await fetch(`${server}/data-mover/nothing`)).status).toBe(404);
  for (const address of ['/data-mover/', '/data-mover']) {
    const reply = await fetch(`${server}${address}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await reply.text();
    for (const text of ['Windows', 'macOS', 'Linux', 'settings.xml', 'data-mover.cjs', 'HTTPS_PROXY'])
      expect(page).toContain(text);
    expect(page).not.toContain('<script');
  }
});

it('runs as the one file that the server gives, with the checksum that it tells', async () => {
  const content = Buffer.from(await (await fetch(`${server}/data-mover/data-mover.cjs`)).arrayBuffer());
  const sha256 = createHash('sha256').update(content).digest('hex');
  expect(await (await fetch(`${server}/data-mover/data-mover.cjs.sha256`)).text()).toBe(`${sha256}  data-mover.cjs\n`);
  expect(await (await fetch(`${server}/data-mover/`)).text()).toContain(sha256);

  // In a folder of its own, where it finds no module of the checkout, and where files are taken for ES modules.
  const folder = freshFolder();
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'data-mover.cjs'), content);
  writeTree(join(folder, 'in'), { 'a.txt': 'x' });
  const args = ['upload', '--settings', stage.settings, '--to', 'ada@example.org', '--json', 'in'];
  const child = spawn(process.execPath, [join(folder, 'data-mover.cjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    // As an npm script of somebody else leaves it, which was called from another folder.
    env: { ...process.env, NODE_OPTIONS: '', INIT_CWD: stage.work, DATA_MOVER_STATE: join(folder, 'state') },
  });
  const done = await new Mover(child).finished;
  expect(done).toMatchObject({ code: 0 });
  expect(done.stdout).toContain('"event":"done"');
});

it.each([
  ['18.19.0', 2],
  ['20.18.3', 2],
  ['20.19.0', undefined],
  ['22.1.0', undefined],
])('begins with whether Node.js is new enough: %s', (node, code) => {
  const whole = readFileSync(join(root, 'dist', 'data-mover-program', 'data-mover.cjs'), 'utf8');
  const [, beginning = ''] = /^#!.*\n(\(function[^]*?\}\)\(\);)/.exec(whole) ?? [];
  const told: string[] = [];
  const ends: number[] = [];
  runInNewContext(beginning, {
    process: { version: `v${node}`, versions: { node }, exit: (with_: number) => ends.push(with_) },
    console: { error: (text: string) => told.push(text) },
  });
  expect(beginning).toContain('20.19');
  expect(ends).toEqual(code === undefined ? [] : [code]);
  if (code !== undefined) expect(told).toEqual([expect.stringMatching(`needs Node.js 20.19 .* this is v${node}`)]);
});
