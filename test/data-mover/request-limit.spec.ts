// A proxy before Mediaflux that takes no long requests: each file that is too long for it is named, with what to do.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { Front } from './front.js';
import { OtherNetwork } from './other-network.js';
import { Stage } from './stage.js';

let stage: Stage;
let mediaflux: Front;
let network: OtherNetwork;
let token: string;

beforeAll(async () => {
  stage = await Stage.open();
  mediaflux = await Front.before(stage.emulator.url);
  // As nginx by itself.
  mediaflux.longestBytes = 1024 * 1024;
  network = await OtherNetwork.before(stage.program.endpoints.server, mediaflux.url);
  token = /<token>([^<]+)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
});
afterAll(async () => {
  await Promise.all([network.close(), mediaflux.close()]);
  await stage.close();
});

const upload = (folder: string, ...more: string[]) =>
  stage.mover('upload', '--url', network.url, '--token', token, '--to', 'ada@example.org', ...more, folder).finished;

it('is told as what it is, for files whole and in pieces, and is got round with shorter pieces', async () => {
  const folder = join(stage.work, 'long');
  writeTree(folder, { 'long.tif': 'l'.repeat(3_000_000), 'short.tif': 's' });
  for (const pieces of [[], ['--piece-above', '2MB', '--piece-size', '2MB']]) {
    const { code, stderr } = await upload(folder, ...pieces);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^long\.tif: What stands before Mediaflux, most likely a proxy, takes no request of that/m);
    expect(stderr).toMatch(/\(HTTP status 413\)\. Whoever runs that has to allow longer ones\..*--piece-size 900kB/);
    expect(stderr).not.toMatch(/no room|short\.tif:|does not take large files in pieces/);
  }
  const { code, stdout } = await upload(folder, '--piece-above', '900kB', '--piece-size', '900kB', '--json');
  expect(code).toBe(0);
  expect(stdout).toMatch(/"event":"done".*"files":2/);
  // The short one went with the first of them.
  expect(stdout).toContain('{"event":"file","path":"short.tif","bytes":0,"skipped":true}');
});
