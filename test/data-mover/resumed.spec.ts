// A download that goes on over much that is there already: what is missing is fetched at once, what is there is read beside
// it, and not at all where this program has verified it and nobody has written to it since.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { quickClock, waitingDisk } from './waiting-disk.js';

const LARGE = 40_000_000;
const AT = new Date('2020-08-18T08:20:37Z');
let stage: Stage;
let source: string;
let link: string;

beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, { 'a.raw': bytesOf('a', 3_000_000), 'b.raw': bytesOf('b', LARGE), 'c.txt': 'c' });
  utimesSync(join(source, 'a.raw'), AT, AT);
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
afterAll(() => stage.close());

const whileItRuns = (mover: Mover, what: string, look: () => true | undefined): Promise<true> =>
  Promise.race([
    until(what, look),
    mover.finished.then(({ stdout, stderr }) => Promise.reject(new Error(`It ended: ${stdout}${stderr}`))),
  ]);

const partialBytes = (out: string): number => {
  const folder = join(out, '.instrument-dispatch', 'partial');
  if (!existsSync(folder)) return 0;
  return Math.max(
    0,
    ...readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
  );
};

const notes = (): string =>
  readdirSync(stage.state, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('verified.ndjson'))
    .map((path) => readFileSync(join(stage.state, path), 'utf8'))
    .join('');

it('fetches what is missing while what is there is still being read', async () => {
  const out = join(stage.work, 'beside');
  writeTree(out, { 'a.raw': bytesOf('a', 3_000_000) });
  const go = join(stage.work, 'beside-go');
  const nodeOptions = waitingDisk(/a\.raw$/, go);
  const mover = stage.moverOn({ nodeOptions }, 'download', link, out, '--parallel', '1', '--json');
  await whileItRuns(mover, 'the missing files', () =>
    ['b.raw', 'c.txt'].every((name) => existsSync(join(out, name))) ? true : undefined,
  );
  writeFileSync(go, '');
  const { code, stdout, stderr } = await mover.finished;
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining('There already: 1 file, 3.0 MB; of that, 3.0 MB is read'),
  });
  expect(eventsIn(stdout)).toContainEqual({ event: 'file', path: 'a.raw', bytes: 0, skipped: true });
  expect(eventsIn(stdout).at(-1)).toMatchObject({ event: 'done', files: 3, transferredBytes: LARGE + 1 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it('goes on inside a file while what was left of it is still being read', async () => {
  const out = join(stage.work, 'left');
  stage.proxy.mostBack = LARGE / 2;
  const killed = stage.mover('download', link, out, '--only', 'b.raw');
  await whileItRuns(killed, 'a part of the file', () => (partialBytes(out) > LARGE / 3 ? true : undefined));
  await killed.kill();
  stage.proxy.mostBack = Infinity;
  const go = join(stage.work, 'left-go');
  const nodeOptions = waitingDisk(/partial/, go);
  const mover = stage.moverOn({ nodeOptions }, 'download', link, out, '--only', 'b.raw', '--json');
  await whileItRuns(mover, 'the whole file', () => (partialBytes(out) === LARGE ? true : undefined));
  expect(existsSync(join(out, 'b.raw'))).toBe(false);
  writeFileSync(go, '');
  const { code, stdout } = await mover.finished;
  expect(code).toBe(0);
  expect(eventsIn(stdout).at(-1)?.['transferredBytes']).toBeLessThan(LARGE * 0.9);
  expect(readFileSync(join(out, 'b.raw')).equals(bytesOf('b', LARGE))).toBe(true);
});

it('fetches the whole file anew when what was left of it is damaged', async () => {
  const out = join(stage.work, 'damaged');
  stage.proxy.mostBack = LARGE / 2;
  const killed = stage.mover('download', link, out, '--only', 'b.raw');
  await whileItRuns(killed, 'a part of the file', () => (partialBytes(out) > LARGE / 3 ? true : undefined));
  await killed.kill();
  stage.proxy.mostBack = Infinity;
  const folder = join(out, '.instrument-dispatch', 'partial');
  const [name = ''] = readdirSync(folder);
  const left = readFileSync(join(folder, name));
  left.writeUInt8(left.readUInt8(1_000) ^ 0xff, 1_000);
  writeFileSync(join(folder, name), left);
  const { code, stdout } = await stage.mover('download', link, out, '--only', 'b.raw', '--json').finished;
  expect(code).toBe(0);
  expect(eventsIn(stdout).at(-1)?.['transferredBytes']).toBeGreaterThan(LARGE);
  expect(readFileSync(join(out, 'b.raw')).equals(bytesOf('b', LARGE))).toBe(true);
});

it('does not read again what it has verified, unless somebody has written to it', async () => {
  const out = join(stage.work, 'noted');
  stage.proxy.mostBack = LARGE / 2;
  const killed = stage.moverOn({ nodeOptions: quickClock }, 'download', link, out, '--give-up-after', '2000w');
  await whileItRuns(killed, 'the note of a file', () => (notes().includes('"a.raw"') ? true : undefined));
  await killed.kill();
  stage.proxy.mostBack = Infinity;
  // Whoever reads it waits for ever.
  const nodeOptions = waitingDisk(/a\.raw$/, join(stage.work, 'never'));
  expect(await stage.moverOn({ nodeOptions }, 'download', link, out).finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
  writeFileSync(join(out, 'a.raw'), bytesOf('other', 3_000_000));
  utimesSync(join(out, 'a.raw'), AT, AT);
  rmSync(join(out, 'c.txt'));
  const changed = await stage.mover('download', link, out, '--json').finished;
  expect(changed.code).toBe(1);
  expect(eventsIn(changed.stdout).filter(({ event }) => event === 'error')).toEqual([
    { event: 'error', path: 'a.raw', message: expect.stringContaining('another file of this name is there') },
    { event: 'error', message: '1 file is there already and differs; left as before.' },
  ]);
  expect(readFileSync(join(out, 'a.raw')).equals(bytesOf('other', 3_000_000))).toBe(true);
  expect(await stage.mover('download', link, out, '--overwrite').finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});
