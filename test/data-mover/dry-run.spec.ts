// What an upload would be is told without one (`--dry-run`), and who would be refused, before a long look through a folder;
// at its end, what its recipients get.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { makeShareable } from '../support/instrument.js';
import { closedPort } from './other-network.js';
import { Front, problem } from './front.js';
import { goingOnInLarge, LARGE, ONE_BY_ONE } from './paused.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { uploadsOf } from './watched.js';

let stage: Stage;
let front: Front;
beforeAll(async () => {
  stage = await Stage.open();
  front = await Front.before(stage.program.endpoints.server);
});
afterEach(() => {
  front.clear();
  stage.emulator.faults.clear();
});
afterAll(async () => {
  await front.close();
  await stage.close();
});

let written = 0;

/** Of a shareable of its own, reached through the front. */
async function settingsOf(fields: Record<string, unknown> = {}): Promise<{ file: string; id: string }> {
  const { id, settingsXml } = await makeShareable(stage.program, stage.platformId, fields);
  const file = join(stage.work, `settings-${(written += 1)}.xml`);
  writeFileSync(file, settingsXml.replace(/<server>[^<]*</, `<server>${front.url}<`));
  return { file, id };
}

const run = (settings: string, to: string, folder: string, ...more: string[]): Mover =>
  stage.mover('upload', '--settings', settings, '--to', to, '--json', ...more, folder);

const CHECK = /POST \/api\/v1\/uploads\/check$/;
const START = /POST \/api\/v1\/uploads$/;

describe('a dry run', () => {
  it('tells files, bytes and folder, begins and sends nothing, and later that all was uploaded', async () => {
    const { file } = await settingsOf();
    const folder = join(stage.work, 'dry');
    writeTree(folder, { 'a.txt': 'a', 'deep/b.raw': LARGE, 'c.tmp': 'c', 'aux.txt': 'd' });
    const before = await uploadsOf(stage);
    stage.emulator.faults.forgetCalls();
    const args = ['--exclude', '*.tmp', '--name', 'dry run'];
    const dry = await run(file, 'dry@example.org', folder, ...args, '--dry-run').finished;
    expect(dry.code).toBe(0);
    expect(dry.stderr).toContain('aux.txt: Windows keeps this name for a device');
    expect(eventsIn(dry.stdout)).toEqual([
      {
        event: 'done',
        folder: expect.stringMatching(/^\d{4}-\d\d-\d\d_.*-N-dry_run$/),
        files: 3,
        bytes: LARGE.length + 2,
        transferredBytes: 0,
        excluded: 1,
        dryRun: 'new',
      },
    ]);
    expect(front.asked(START)).toBe(0);
    expect(await uploadsOf(stage)).toEqual(before);
    expect(await run(file, 'dry@example.org', folder, ...args).finished).toMatchObject({ code: 0 });
    const [upload] = await uploadsOf(stage);
    const again = await run(file, 'dry@example.org', folder, ...args, '--dry-run').finished;
    expect(again.code).toBe(0);
    expect(eventsIn(again.stdout)).toEqual([
      expect.objectContaining({ event: 'done', uploadId: upload?.id, folder: upload?.folder, dryRun: 'reported' }),
    ]);
    const others = await run(file, 'other@example.org', folder, ...args, '--dry-run').finished;
    expect(others.code).toBe(2);
    expect(others.stdout).toContain('not to other@example.org');
    expect(await uploadsOf(stage)).toHaveLength(before.length + 1);
  });

  it('tells that an upload would go on, and leaves it as it is', async () => {
    const { file } = await settingsOf();
    const folder = join(stage.work, 'continued');
    writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE });
    const started: Mover[] = [];
    const start = () => {
      const mover = run(file, 'con@example.org', folder, ...ONE_BY_ONE);
      started.push(mover);
      return mover;
    };
    await goingOnInLarge(stage, start, () => started[0]?.kill());
    const [begun] = await uploadsOf(stage);
    const dry = await run(file, 'new@example.org', folder, '--dry-run').finished;
    expect(dry.code).toBe(0);
    expect(eventsIn(dry.stdout)).toEqual([
      expect.objectContaining({ event: 'done', uploadId: begun?.id, folder: begun?.folder, dryRun: 'continued' }),
    ]);
    expect((await uploadsOf(stage))[0]).toEqual(begun);
    const whole = await run(file, 'con@example.org', folder).finished;
    expect(eventsIn(whole.stdout)).toContainEqual({ event: 'file', path: 'a.txt', bytes: 0, skipped: true });
    expect(eventsIn(whole.stdout).at(-1)).toMatchObject({ event: 'done', uploadId: begun?.id });
  });

  it('ends as the upload would: names, people, a token and a server that are not right', async () => {
    const { file, id } = await settingsOf({ limits: { recipientDomains: ['example.org'] } });
    const good = join(stage.work, 'good');
    const bad = join(stage.work, 'bad');
    writeTree(good, { 'a.txt': 'a' });
    writeTree(bad, { 'a\nb.txt': 'a' });
    const dry = (to: string, folder: string) => run(file, to, folder, '--dry-run').finished;
    const name = await dry('ada@example.org', bad);
    expect([name.code, name.stdout.includes('holds a line break')]).toEqual([1, true]);
    const person = await dry('ada@evil.net', good);
    expect([person.code, person.stdout.includes('addresses of example.org only')]).toEqual([2, true]);
    front.answer(CHECK, problem(503, 'Back at noon.'), 1_000);
    const away = await dry('ada@example.org', good);
    expect([away.code, away.stdout.includes('Back at noon.')]).toEqual([1, true]);
    front.clear();
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${id}/revoke`, {});
    expect(await dry('ada@example.org', good)).toMatchObject({ code: 3 });
    const nowhere = ['--url', `http://127.0.0.1:${await closedPort()}`, '--token', 'x', '--to', 'ada@example.org'];
    expect(await stage.mover('upload', ...nowhere, '--dry-run', good).finished).toMatchObject({ code: 1 });
  });
});

describe('an upload', () => {
  it('refuses people before it looks through the folder', async () => {
    const { file } = await settingsOf({ limits: { recipientDomains: ['example.org'] } });
    const folder = join(stage.work, 'early');
    writeTree(folder, { 'a\nb.txt': 'a' });
    const { code, stdout } = await run(file, 'ada@evil.net', folder).finished;
    expect(code).toBe(2);
    expect(eventsIn(stdout)).toHaveLength(1);
    expect(stdout).toContain('addresses of example.org only');
    expect(await run(file, 'ada@example.org', folder).finished).toMatchObject({ code: 1 });
  });

  it('waits for what would be allowed later, as it did', async () => {
    const { file } = await settingsOf({ limits: { uploadsPerDay: 1 } });
    const folders = ['one', 'two'].map((name) => join(stage.work, 'limited', name));
    for (const folder of folders) writeTree(folder, { 'a.txt': folder });
    expect(await run(file, 'ada@example.org', folders[0] ?? '').finished).toMatchObject({ code: 0 });
    const second = await run(file, 'ada@example.org', folders[1] ?? '', '--give-up-after', '1s').finished;
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('may start 1 uploads in 24 hours, and has. ');
    expect(second.stderr).toContain('Waiting for it');
    // Of one that was begun nothing is asked that could stand against going on.
    front.clear();
    expect(await run(file, 'ada@example.org', folders[0] ?? '').finished).toMatchObject({ code: 0 });
    expect(front.asked(CHECK)).toBe(0);
  });

  it.each([
    ['is away', problem(503, 'Away.')],
    ['does not know the question', problem(404, 'There is nothing at this address.')],
  ])('goes on where the server %s when it is asked', async (_, answer) => {
    const { file } = await settingsOf();
    const folder = join(stage.work, `unasked-${answer.status}`);
    writeTree(folder, { 'a.txt': 'a' });
    front.answer(CHECK, answer);
    const { code, stderr } = await run(file, 'una@example.org', folder).finished;
    expect({ code, asked: front.asked(CHECK) }).toEqual({ code: 0, asked: 1 });
    expect(stderr).not.toContain('Waiting');
  });

  it('tells at its end what its recipients get, and for how long', async () => {
    const { file } = await settingsOf();
    const folder = join(stage.work, 'given');
    writeTree(folder, { 'a.txt': 'a' });
    const { code, stdout } = await stage.mover('upload', '--settings', file, '--to', 'giv@example.org', folder)
      .finished;
    expect(code).toBe(0);
    expect(stdout).toContain(
      '  recipients  giv@example.org: each gets a mail with links that work for 30 days from then on, to fetch the data with the Data Mover, as a zip by a direct link or as a copy into their own Mediaflux project.\n',
    );
  });
});
