// What a power failure leaves of small files that a download had named already: short, empty or of other bytes, with the
// time that the download gave them. The same command fetches them again, and nothing that a person had or has changed.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { breakDownload } from './broken-download.js';
import { type Mover, Stage } from './stage.js';

const LARGE = 30_000_000;
/** No test can have the computer started anew: this lets the program take it for that. */
const STARTED_ANEW = `
  import os from 'node:os';
  import { syncBuiltinESMExports } from 'node:module';
  os.uptime = () => performance.now() / 1_000;
  syncBuiltinESMExports();
`;
const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(STARTED_ANEW)}`];
let stage: Stage;
let source: string;
let link: string;
let out: string;

beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, { 'scan.raw': bytesOf('scan', LARGE), 'a.txt': 'first', 'b/c.txt': 'second', 'b/d.txt': 'third' });
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
afterAll(async () => {
  await stage.close();
});
beforeEach(() => {
  out = mkdtempSync(join(stage.work, 'out-'));
});

/** With the time of writing that the file had where it came from. */
function leave(path: string, content: string): void {
  writeTree(out, { [path]: content });
  const { atime, mtime } = statSync(join(source, path));
  utimesSync(join(out, path), atime, mtime);
}

const kill = (): Promise<void> => breakDownload({ stage, link, out, bytes: LARGE });
const again = (): Mover => stage.mover('download', link, out);
const afterPowerFailure = (): Mover => stage.moverOn({ nodeOptions }, 'download', link, out);

it('fetches again what came before the failure and is short, empty or another', async () => {
  await kill();
  leave('a.txt', 'fir');
  leave('b/c.txt', '');
  leave('b/d.txt', '\0\0\0\0\0');
  const finished = await afterPowerFailure().finished;
  expect(finished).toMatchObject({ code: 0 });
  expect(finished.stderr).toContain('Lost when the computer stopped, and to be fetched again: 2 files');
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it('fetches it again after runs that found it and were broken off before they came to it', async () => {
  await kill();
  leave('a.txt', '\0\0\0\0\0');
  for (let run = 0; run < 2; run += 1) {
    stage.emulator.faults.forgetCalls();
    stage.emulator.faults.set({ path: '/mflux/content.mfjp', action: { hold: true } });
    const mover = afterPowerFailure();
    await until('the large file being asked for', () =>
      stage.emulator.faults.calls().some(({ path }) => path === '/mflux/content.mfjp') ? true : undefined,
    );
    mover.child.kill('SIGINT');
    await mover.finished;
    stage.emulator.faults.clear();
  }
  expect(await afterPowerFailure().finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it.each([
  ['the computer was not started anew', () => leave('a.txt', 'mine'), again],
  ['it was written to since', () => writeTree(out, { 'a.txt': 'mine' }), afterPowerFailure],
  ['it is longer than it was', () => leave('a.txt', 'all of mine'), afterPowerFailure],
])('leaves a file alone where %s', async (_, change, run) => {
  await kill();
  change();
  const mine = readFileSync(join(out, 'a.txt'), 'utf8');
  const finished = await run().finished;
  expect(finished).toMatchObject({ code: 1 });
  expect(finished.stderr).toContain('a.txt: another file of this name is there');
  expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe(mine);
});

it('leaves a file alone that was there before the download', async () => {
  leave('a.txt', 'FIRST');
  await kill();
  expect(await afterPowerFailure().finished).toMatchObject({ code: 1 });
  expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe('FIRST');
});

it('leaves a file alone that was changed after the download had been stopped in order', async () => {
  await breakDownload({ stage, link, out, bytes: LARGE, signal: 'SIGINT' });
  leave('a.txt', 'FIRST');
  expect(await afterPowerFailure().finished).toMatchObject({ code: 1 });
  expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe('FIRST');
});

it('leaves it alone then, also after a run that named it and fetched the others', async () => {
  await breakDownload({ stage, link, out, bytes: LARGE, signal: 'SIGINT' });
  leave('a.txt', 'FIRST');
  expect(await again().finished).toMatchObject({ code: 1 });
  expect(await afterPowerFailure().finished).toMatchObject({ code: 1 });
  expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe('FIRST');
});
