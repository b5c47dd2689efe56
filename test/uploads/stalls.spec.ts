// Uploads that nothing comes for: who is told, when they are given up, and that nobody's clock runs while Mediaflux or
// the service itself is away.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { StallsStore } from '../../src/uploads/stalls/stalls.store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { type Instrument, makePlatform, Sender } from '../support/instrument.js';
import { makePlatform as makePlatformRow, makeUpload } from '../support/make.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

describe('the clock of an upload', () => {
  const stalls = new StallsStore();
  let database: TestDatabase;
  let platformId: string;
  beforeAll(async () => {
    database = await createDatabase();
    platformId = await makePlatformRow(database.dataSource, { stall_notice: 'P1D', stall_limit: 'P7D' });
  });
  afterAll(async () => {
    await database.close();
  });

  const idleFor = (interval: string, state = 'open'): Promise<string> =>
    database.dataSource.query<{ at: Date }[]>('select now() - $1::interval as at', [interval]).then(([row]) =>
      makeUpload(database.dataSource, platformId, {
        state,
        completed_at: null,
        last_progress_at: row?.at,
        started_at: row?.at,
      }),
    );
  const told = (): Promise<string[]> => database.dataSource.transaction((tx) => stalls.markToTell(tx));
  const overdue = (): Promise<string[]> => stalls.overdue(database.dataSource.manager);
  const idleHours = async (id: string): Promise<number> => {
    const [found] = await database.dataSource.query<{ hours: number }[]>(
      'select round(extract(epoch from now() - last_progress_at) / 3600)::int as hours from upload where id = $1',
      [id],
    );
    return found?.hours ?? Number.NaN;
  };

  it('tells the operator after a day, once for each stall, and not a second before', async () => {
    const [young, old, mismatch] = [
      await idleFor('23 hours 59 minutes'),
      await idleFor('24 hours 1 minute'),
      await idleFor('2 days', 'mismatch'),
    ];
    const first = await told();
    expect(first.sort()).toEqual([old, mismatch].sort());
    expect(first).not.toContain(young);
    expect(await told()).toEqual([]);
    // Progress, and another stall: told again.
    await database.dataSource.query(
      `update upload set last_progress_at = now() - interval '25 hours', stall_told_at = now() - interval '3 days' where id = $1`,
      [old],
    );
    expect(await told()).toEqual([old]);
  });

  it('is over after the limit of the platform, and not a second before; what is complete has none', async () => {
    const [before, after] = [await idleFor('167 hours 59 minutes'), await idleFor('168 hours 1 minute')];
    const complete = await makeUpload(database.dataSource, platformId, {
      last_progress_at: new Date('2020-01-01T00:00:00Z'),
    });
    const ids = await overdue();
    expect(ids).toContain(after);
    expect(ids).not.toContain(before);
    expect(ids).not.toContain(complete);
  });

  it('is not told in two processes at once', async () => {
    const id = await idleFor('2 days');
    const marked = await Promise.all([told(), told(), told()]);
    expect(marked.flat().filter((one) => one === id)).toEqual([id]);
  });

  it('stands still while Mediaflux is away, for those who stall and those who do not', async () => {
    const [fresh, idle] = [await idleFor('1 hour'), await idleFor('60 hours')];
    const seen = (interval: string) =>
      database.dataSource.query('update stall_clock set seen_at = now() - $1::interval', [interval]);
    await seen('20 seconds');
    await database.dataSource.transaction((tx) => stalls.tick(tx));
    expect([await idleHours(fresh), await idleHours(idle)]).toEqual([1, 60]);
    await seen('48 hours');
    await Promise.all([1, 2, 3].map(() => database.dataSource.transaction((tx) => stalls.tick(tx))));
    expect([await idleHours(fresh), await idleHours(idle)]).toEqual([0, 12]);
  });

  it('rests on a look at Mediaflux, and a change there is progress', async () => {
    const id = await idleFor('8 days');
    const { dataSource } = database;
    await dataSource.query(`update upload set folder_opened_at = now() - interval '9 days' where id = $1`, [id]);
    expect(await overdue()).not.toContain(id);
    expect((await stalls.toLookAt(dataSource.manager)).map((upload) => upload.id)).toContain(id);
    await stalls.looked(dataSource.manager, id, { count: 3, newestStime: 77 });
    expect(await idleHours(id)).toBe(0);
    await dataSource.query(`update upload set last_progress_at = now() - interval '8 days' where id = $1`, [id]);
    await stalls.looked(dataSource.manager, id, { count: 3, newestStime: 77 });
    expect(await idleHours(id)).toBe(192);
    // A folder that is gone is no progress.
    await stalls.looked(dataSource.manager, id, undefined);
    expect(await overdue()).toContain(id);
    await stalls.looked(dataSource.manager, id, { count: 3, newestStime: 78 });
    expect(await overdue()).not.toContain(id);
    expect((await stalls.toLookAt(dataSource.manager)).map((upload) => upload.id)).not.toContain(randomUUID());
  });

  it('begins with a look soon after the start, so that what comes later is told from what was there', async () => {
    const { dataSource } = database;
    const looked = async (id: string) =>
      (await stalls.toLookAt(dataSource.manager)).map((upload) => upload.id).includes(id);
    const [early, soon] = [await idleFor('50 seconds'), await idleFor('70 seconds')];
    await dataSource.query(`update upload set folder_opened_at = now() where id = any($1)`, [[early, soon]]);
    expect([await looked(early), await looked(soon)]).toEqual([false, true]);
    await stalls.looked(dataSource.manager, soon, { count: 0, newestStime: 0 });
    expect(await looked(soon)).toBe(false);
    // An empty folder is what it began with.
    const [found] = await dataSource.query<{ idle: number }[]>(
      'select extract(epoch from now() - last_progress_at)::int as idle from upload where id = $1',
      [soon],
    );
    expect(found?.idle).toBeGreaterThanOrEqual(70);
  });

  it('is moved by no look that failed, whatever was seen before', async () => {
    const id = await idleFor('30 hours');
    for (const seen of [undefined, { count: 2, newestStime: 5 }, undefined]) {
      await stalls.looked(database.dataSource.manager, id, seen);
      expect(await idleHours(id)).toBe(seen ? 0 : 30);
      await database.dataSource.query(
        `update upload set last_progress_at = now() - interval '30 hours' where id = $1`,
        [id],
      );
    }
  });
});

describe('an upload without progress', () => {
  const stage = stageOf({ env: PROMPT });

  const shareableOf = (fields: Record<string, unknown>): Promise<Instrument> =>
    stage.instrument(fields, { notify: ['ops@example.org'] });

  it('is told of with its computer, given up after the limit of its platform, and told of again', async () => {
    const instrument = await shareableOf({ stallNotice: 'PT1S', stallLimit: 'P3D' });
    const upload = await instrument.start({ name: 'slow', client: { program: 'x/1', host: 'scope7', os: 'linux' } });
    const stalling = await stage.program.mailbox.next('ops@example.org', /slow makes no progress/, 60_000);
    expect(stalling.text).toContain('scope7');
    expect(stalling.text).toContain('given up after 3 days');
    expect((await instrument.get(upload.id)).state).toBe('open');
    await stage.database.query(`update upload set last_progress_at = now() - interval '73 hours' where id = $1`, [
      upload.id,
    ]);
    const stalled = await stage.program.mailbox.next('ops@example.org', /slow was given up/, 60_000);
    expect(stalled.text).toContain('for 3 days');
    expect((await instrument.get(upload.id)).state).toBe('abandoned');
    const mails = (await stage.program.mailbox.to('ops@example.org')).filter((mail) => mail.subject.includes('slow'));
    expect(mails.map((mail) => mail.subject.replace(/^.*slow /, '')).sort()).toEqual([
      'makes no progress',
      'was given up',
    ]);
  });

  it('is told of to the contact of its platform where no operator is named', async () => {
    const contact = { name: 'Imaging desk', email: 'imaging-desk@example.org' };
    const instrument = await stage.instrument({ stallNotice: 'PT1S', stallLimit: 'P3D', contact }, { notify: [] });
    const upload = await instrument.start({ name: 'orphan' });
    await stage.program.mailbox.next(contact.email, /orphan makes no progress/, 60_000);
    await stage.database.query(`update upload set last_progress_at = now() - interval '73 hours' where id = $1`, [
      upload.id,
    ]);
    await stage.program.mailbox.next(contact.email, /orphan was given up/, 60_000);
  });

  it('is not given up where files have come to Mediaflux, of which the server was told nothing', async () => {
    const instrument = await shareableOf({});
    const upload = await instrument.start();
    const sender = new Sender(upload.mediaflux);
    await sender.send('a', 'a');
    await sender.close();
    await stage.database.query(`update upload set last_progress_at = now() - interval '8 days' where id = $1`, [
      upload.id,
    ]);
    await until(
      'a look at Mediaflux',
      async () => {
        const found = await stage.database.query<{ state: string }>(
          `select state from upload where id = $1 and looked_at is not null and last_progress_at > now() - interval '1 hour'`,
          [upload.id],
        );
        return found.rows[0]?.state === 'open' ? true : undefined;
      },
      60_000,
    );
  });

  it.each([
    ['closes the connection', 'closed', { refuse: true as const }],
    ['does not answer', 'unanswered', { hold: true as const }],
  ])('is told of and given up where Mediaflux, asked of another one before, %s', async (_, name, action) => {
    const instrument = await shareableOf({ stallNotice: 'PT1S', stallLimit: 'P3D' });
    const [untold, idle] = [await instrument.start(), await instrument.start({ name })];
    stage.faults.set({ service: 'asset.query', saying: untold.mediaflux.namespace, action });
    const since = `update upload set last_progress_at = now() - interval '73 hours', looked_at = $2 where id = $1`;
    await stage.database.query(since, [untold.id, null]);
    await stage.database.query(since, [idle.id, new Date(0)]);
    await until('its end', async () => ((await instrument.get(idle.id)).state === 'abandoned' ? true : undefined));
    await stage.program.mailbox.next('ops@example.org', new RegExp(`${name} was given up`), 60_000);
    expect((await instrument.get(untold.id)).state).toBe('open');
    stage.faults.clear();
  });

  it('is not moved by a client that only renews its credential, and is by one that says it has sent more', async () => {
    const instrument = await shareableOf({});
    const { id } = await instrument.start();
    const renew = async (body?: { sentBytes: number }): Promise<number> => {
      // As it stands between two looks at Mediaflux: one would be progress of its own.
      await stage.database.query(
        `update upload set last_progress_at = now() - interval '20 hours', looked_at = now() where id = $1`,
        [id],
      );
      await instrument.api.expect(200, 'POST', `/api/v1/uploads/${id}/credential`, body);
      const found = await stage.database.query<{ hours: number }>(
        'select round(extract(epoch from now() - last_progress_at) / 3600)::int as hours from upload where id = $1',
        [id],
      );
      return found.rows[0]?.hours ?? Number.NaN;
    };
    const idle: number[] = [];
    for (const body of [undefined, { sentBytes: 0 }, { sentBytes: 9e12 }, { sentBytes: 9e12 }, undefined])
      idle.push(await renew(body));
    expect(idle).toEqual([20, 20, 0, 20, 20]);
    for (const sentBytes of [-1, 1.5, 1e300])
      expect((await instrument.api.call('POST', `/api/v1/uploads/${id}/credential`, { sentBytes })).status).toBe(422);
  });

  it('is not given up for the days in which nobody could see Mediaflux', async () => {
    const instrument = await shareableOf({});
    const upload = await instrument.start();
    // As it stands when the service comes back after eight days.
    await stage.database.query(
      `with away as (update stall_clock set seen_at = now() - interval '8 days')
       update upload set last_progress_at = now() - interval '8 days 1 hour' where id = $1`,
      [upload.id],
    );
    const idleSeconds = await until(
      'Mediaflux being seen again',
      async () => {
        const found = await stage.database.query<{ idle: number }>(
          `select extract(epoch from now() - u.last_progress_at)::int as idle
             from upload u, stall_clock
            where u.id = $1
              and seen_at > now() - interval '1 hour'`,
          [upload.id],
        );
        return found.rows[0]?.idle;
      },
      60_000,
    );
    expect(idleSeconds).toBeLessThan(2 * 3_600);
    expect((await instrument.get(upload.id)).state).toBe('open');
  });

  it.each([
    [{ stallNotice: 'P7D', stallLimit: 'P1D' }, 'before its operator would be told'],
    [{ stallLimit: 'PT1H' }, 'switched off overnight'],
  ])('has odd limits named in warnings: %j', async (fields, words) => {
    const id = await makePlatform(stage.program, fields);
    const { warnings } = await stage.program.admin.expect<{ warnings: string[] }>(
      200,
      'GET',
      `/api/v1/admin/platforms/${id}`,
    );
    expect(warnings.join(' ')).toContain(words);
    const mended = await stage.program.admin.expect<{ warnings: string[]; stallLimit: string }>(
      200,
      'PATCH',
      `/api/v1/admin/platforms/${id}`,
      { stallNotice: 'P2D', stallLimit: 'P14D' },
    );
    expect(mended).toMatchObject({ stallLimit: 'P14D', warnings: [] });
  });
});
