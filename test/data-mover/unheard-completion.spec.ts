// Downloads that the server took for complete while the program was stopped before it heard so: the same command again
// finds what is here, and ends well.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { umask } from 'node:process';
import { join } from 'node:path';
import { contentsOf, writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { HeldProxy } from './held-proxy.js';
import { letExpire, type ResharedLink, resharedLink } from './reshared-link.js';
import { eventsIn, type Mover, Stage } from './stage.js';

let stage: Stage;
let proxy: HeldProxy;
let source: string;
let out: string;

beforeAll(async () => {
  stage = await Stage.open();
  proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  source = join(stage.work, 'in');
  writeTree(source, { 'a.txt': 'a', 'b/c.txt': 'c', 'b/d.txt': 'd' });
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await proxy.close();
  await stage.close();
});
beforeEach(() => {
  out = mkdtempSync(join(stage.work, 'out-'));
});

const download = ({ link }: ResharedLink, ...more: string[]): Mover =>
  stage.mover('download', link.replace(stage.program.endpoints.server, proxy.url), out, '--json', ...more);

/** Ended when the server has noted that the download is complete, and before the program knows. */
async function unheard(reshared: ResharedLink, end: (mover: Mover) => void, ...more: string[]): Promise<void> {
  const before = proxy.held;
  proxy.holds = (method, path) => method === 'POST' && path.endsWith('/complete');
  const mover = download(reshared, ...more);
  await until('the answer being kept back', () => proxy.held > before || undefined);
  end(mover);
  const { code } = await mover.finished;
  proxy.holds = undefined;
  expect(code).not.toBe(0);
}

const kill = ({ child }: Mover): void => void child.kill('SIGKILL');
const interrupt = ({ child }: Mover): void => void child.kill('SIGINT');

const notes = (): string[] =>
  readdirSync(stage.state, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('download.json'));

it.each([
  ['killed', kill],
  ['stopped with Ctrl-C', interrupt],
])('ends well, and fetches nothing again, after it was %s before it heard that it is complete', async (_, end) => {
  const reshared = await resharedLink(stage, `un${end.name}@example.org`);
  await unheard(reshared, end);
  const again = await download(reshared).finished;
  expect(again).toMatchObject({ code: 0 });
  expect(eventsIn(again.stdout)).toContainEqual(
    expect.objectContaining({ event: 'done', files: 3, transferredBytes: 0 }),
  );
  expect(contentsOf(out)).toEqual(contentsOf(source));
  expect(await download(reshared).finished).toMatchObject({ code: 0 });
  expect(notes()).toEqual([]);
});

it('fetches what is missing by then, as what another --only names', async () => {
  const reshared = await resharedLink(stage, 'unp@example.org');
  await unheard(reshared, kill, '--only', 'b/**');
  expect(await download(reshared).finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it('ends well after the link has expired where all is here, as it would have ended when it was complete', async () => {
  const reshared = await resharedLink(stage, 'une@example.org');
  await unheard(reshared, kill);
  await letExpire(stage, reshared);
  const again = await download(reshared).finished;
  expect(again).toMatchObject({ code: 0 });
  expect(eventsIn(again.stdout)).toContainEqual(
    expect.objectContaining({ event: 'done', files: 3, transferredBytes: 0 }),
  );
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });
  // From now on it is a download that is done, whose link has expired.
  expect(await download(reshared).finished).toMatchObject({ code: 3 });
});

it('says that the link has expired where a file is missing, and names one that differs', async () => {
  const reshared = await resharedLink(stage, 'unm@example.org');
  await unheard(reshared, kill);
  await letExpire(stage, reshared);
  rmSync(join(out, 'b', 'c.txt'));
  const missing = await download(reshared).finished;
  expect(missing).toMatchObject({ code: 3 });
  expect(missing.stdout).toContain('1 of 3 files');
  writeTree(out, { 'b/c.txt': 'c' });
  writeFileSync(join(out, 'a.txt'), 'A');
  const differing = await download(reshared).finished;
  expect(differing).toMatchObject({ code: 1 });
  expect(differing.stdout).toContain('another file of this name is there');
  writeFileSync(join(out, 'a.txt'), 'a');
  expect(await download(reshared).finished).toMatchObject({ code: 0 });
});

it('can be repeated where its list could not be stored, also after the link has expired', async () => {
  const reshared = await resharedLink(stage, 'stored@example.org');
  await unheard(reshared, kill);
  await letExpire(stage, reshared);
  const inTheWay = join(out, '.instrument-dispatch', 'manifest.ndjson');
  mkdirSync(join(inTheWay, 'x'), { recursive: true });
  expect(await download(reshared).finished).toMatchObject({ code: 1 });
  rmSync(inTheWay, { recursive: true });
  expect(await download(reshared).finished).toMatchObject({ code: 0 });
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });
  // Whoever else sees the folder may read what it is to hold.
  expect(statSync(inTheWay).mode & 0o044).toBe(0o044 & ~umask());
});
