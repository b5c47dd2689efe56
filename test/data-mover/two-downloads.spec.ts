// Downloads into one folder from two homes of this program, or from two computers that see the same disk: one at a time,
// for what is not whole yet lies in the folder, under names that repeat.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { eventsIn, type Mover, Stage } from './stage.js';

let stage: Stage;
let source: string;
let link: string;

beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, { 'scan.raw': bytesOf('scan', 3_000_000), 'notes.txt': 'notes' });
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
afterEach(() => stage.emulator.faults.clear());
afterAll(() => stage.close());

const download = (out: string, env: Record<string, string>, ...more: string[]): Mover =>
  stage.moverWith(env, 'download', link, out, '--json', ...more);

/** With notes of its own. */
const home = (name: string) => ({ DATA_MOVER_STATE: join(stage.work, `state-${name}`) });
const computer = (name: string) => ({ ...home(name), DATA_MOVER_COMPUTER: name });

/** A download that stands still in the middle of its files. */
async function standing(out: string, env: Record<string, string>): Promise<Mover> {
  const { faults } = stage.emulator;
  faults.forgetCalls();
  faults.set({ path: '/mflux/content.mfjp', action: { hold: true } });
  const mover = download(out, env);
  const isHeld = () => faults.calls().some(({ path }) => path === '/mflux/content.mfjp') || undefined;
  await until('a content being on its way', isHeld);
  return mover;
}

const errorIn = (stdout: string): unknown => eventsIn(stdout).find(({ event }) => event === 'error')?.['message'];

it('refuses a second one from another home, and goes on there once the first was killed', async () => {
  const out = join(stage.work, 'homes');
  const first = await standing(out, home('a'));
  const refused = await download(out, home('b')).finished;
  expect(refused.code).toBe(1);
  expect(errorIn(refused.stdout)).toBe('Another run is at a download into this folder already.');
  expect(eventsIn(refused.stdout).filter(({ event }) => event === 'start')).toEqual([]);
  await first.kill();
  stage.emulator.faults.clear();
  expect(await download(out, home('b')).finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
  const left = readdirSync(join(out, '.instrument-dispatch'));
  // Where the system locks files, those stay.
  expect(left.filter((name) => !name.startsWith('lock-'))).toEqual(['manifest.ndjson']);
});

it('refuses one from another computer while the first may run, until a person says that it does not', async () => {
  const out = join(stage.work, 'computers');
  const first = await standing(out, computer('node-1'));
  const again = /^The computer node-1 is at a download into this folder, .* add --take-over node-1 to go on here, or /;
  const refusedNow = await download(out, computer('node-2')).finished;
  await first.kill();
  stage.emulator.faults.clear();
  const refusedAfterKill = await download(out, computer('node-2'), '--take-over', 'node-3').finished;
  for (const { code, stdout } of [refusedNow, refusedAfterKill]) {
    expect(code).toBe(1);
    expect(errorIn(stdout)).toMatch(again);
  }
  expect(await download(out, computer('node-2'), '--take-over', 'node-1').finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it('lets a run that was taken over say nothing of the folder', async () => {
  const out = join(stage.work, 'robbed');
  const first = await standing(out, computer('node-6'));
  first.child.kill('SIGSTOP');
  stage.emulator.faults.clear();
  expect(await download(out, computer('node-7'), '--take-over', 'node-6').finished).toMatchObject({ code: 0 });
  first.child.kill('SIGCONT');
  const { code, stdout } = await first.finished;
  expect(code).toBe(1);
  expect(eventsIn(stdout).filter(({ event }) => event === 'done')).toEqual([]);
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it('goes on from another computer when the first has ended in order, and on the same one however it ended', async () => {
  const out = join(stage.work, 'in-order');
  const killed = await standing(out, computer('node-4'));
  await killed.kill();
  const stopped = await standing(out, computer('node-4'));
  stopped.child.kill('SIGTERM');
  await stopped.finished;
  stage.emulator.faults.clear();
  expect(await download(out, computer('node-5')).finished).toMatchObject({ code: 0 });
});
