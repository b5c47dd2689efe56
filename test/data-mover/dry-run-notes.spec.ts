// What is noted of transfers, which a dry run looks at and leaves as it is: it owns, holds and changes nothing.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { goingOnInLarge, LARGE, ONE_BY_ONE } from './paused.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { uploadsOf } from './watched.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.emulator.faults.clear());
afterAll(() => stage.close());

/** All that lies there, with what is in it and when it was written. */
const all = (place: string): Record<string, string> =>
  Object.fromEntries(
    (existsSync(place) ? readdirSync(place, { recursive: true, encoding: 'utf8' }) : []).map((path) => {
      const found = statSync(join(place, path));
      return [path, `${found.mtimeMs} ${found.isDirectory() ? '' : readFileSync(join(place, path), 'utf8')}`];
    }),
  );

describe('a dry run leaves what is noted as it is', () => {
  const onComputer = (computer: string, state: string, folder: string, ...more: string[]): Mover =>
    stage.moverWith({ DATA_MOVER_COMPUTER: computer, DATA_MOVER_STATE: state }, ...stage.uploadArgs(folder, ...more));

  /** An upload that another computer begins, until `end` ends it in its large file. */
  const begunElsewhere = async (
    name: string,
    end: (mover: Mover | undefined) => unknown,
  ): Promise<{ folder: string; state: string }> => {
    const folder = join(stage.work, name);
    const state = join(stage.work, `${name}-state`);
    writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE });
    const started: Mover[] = [];
    const start = () => {
      const mover = onComputer('login-1', state, folder, ...ONE_BY_ONE);
      started.push(mover);
      return mover;
    };
    await goingOnInLarge(stage, start, () => end(started[0]));
    return { folder, state };
  };

  it('where there is nothing', async () => {
    const folder = join(stage.work, 'unnoted');
    const state = join(stage.work, 'unnoted-state');
    writeTree(folder, { 'a.txt': 'a' });
    expect(await onComputer('login-1', state, folder, '--dry-run').finished).toMatchObject({ code: 0 });
    expect(all(state)).toEqual({});
  });

  it('where another computer’s run ended in order, and tells that it would go on with that', async () => {
    const { folder, state } = await begunElsewhere('released', async (mover) => {
      mover?.child.kill('SIGTERM');
      stage.emulator.faults.clear();
      await mover?.finished;
    });
    const [begun] = await uploadsOf(stage);
    const before = all(state);
    const dry = await onComputer('login-2', state, folder, '--dry-run').finished;
    expect(eventsIn(dry.stdout)).toEqual([
      expect.objectContaining({ event: 'done', uploadId: begun?.id, dryRun: 'continued' }),
    ]);
    expect(all(state)).toEqual(before);
  });

  it('where another computer was broken off: it is refused as the upload would be, or tells what that would take over', async () => {
    const { folder, state } = await begunElsewhere('broken', (mover) => mover?.kill());
    const [begun] = await uploadsOf(stage);
    const before = all(state);
    const refused = await onComputer('login-2', state, folder, '--dry-run').finished;
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('The computer login-1 is at this transfer');
    const taking = await onComputer('login-2', state, folder, '--dry-run', '--take-over', 'login-1').finished;
    expect(eventsIn(taking.stdout)).toEqual([
      expect.objectContaining({ event: 'done', uploadId: begun?.id, dryRun: 'continued' }),
    ]);
    expect(all(state)).toEqual(before);
  });

  it('where it is damaged, and says so', async () => {
    const folder = join(stage.work, 'damaged');
    const state = join(stage.work, 'damaged-state');
    writeTree(folder, { 'a.txt': 'a' });
    expect(await onComputer('login-1', state, folder).finished).toMatchObject({ code: 0 });
    const name = Object.keys(all(state)).find((path) => path.endsWith('uploads.json')) ?? '';
    writeFileSync(join(state, name), '\0\0');
    const before = all(state);
    const dry = await onComputer('login-1', state, folder, '--dry-run').finished;
    expect(eventsIn(dry.stdout)).toEqual([expect.objectContaining({ event: 'done', dryRun: 'new' })]);
    expect(dry.stderr).toContain('What earlier runs noted of these paths is damaged');
    expect(all(state)).toEqual(before);
  });

  it('while an upload is under way, which it does not stand beside', async () => {
    const folder = join(stage.work, 'under-way');
    const state = join(stage.work, 'under-way-state');
    writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE });
    const start = () => onComputer('login-1', state, folder, ...ONE_BY_ONE);
    let dry: Awaited<Mover['finished']> | undefined;
    const mover = await goingOnInLarge(stage, start, async () => {
      dry = await onComputer('login-1', state, folder, '--dry-run').finished;
    });
    expect(dry?.code).toBe(1);
    expect(dry?.stdout).toMatch(/Process \d+ is at this transfer already/);
    expect(await mover.finished).toMatchObject({ code: 0 });
  });
});
