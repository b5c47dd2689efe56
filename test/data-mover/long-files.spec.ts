// A download whose one file takes longer than a transfer may stand still: what moves inside the file is progress, for the
// reminders and for the end of the link. A day passes by setting back when progress was told last.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { HeldProxy } from './held-proxy.js';
import { eventsIn, type Mover, Stage } from './stage.js';

const LARGE = 60_000_000;
let stage: Stage;
let database: pg.Client;
let source: string;

beforeAll(async () => {
  stage = await Stage.open({ SWEEP_INTERVAL: 'PT1S' });
  database = new pg.Client({ connectionString: stage.program.endpoints.database });
  await database.connect();
  source = join(stage.work, 'in');
  const small = ['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.txt`, name.repeat(9)] as const);
  writeTree(source, { 'scan.raw': bytesOf('scan', LARGE), ...Object.fromEntries(small) });
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await database.end();
  await stage.close();
});

interface Delivery {
  id: string;
  link: string;
}

/** A link of its own for the data, as a reshare makes it. */
async function freshLink(recipient: string): Promise<Delivery> {
  const { admin, mailbox } = stage.program;
  const { items } = await admin.expect<{ items: { id: string }[] }>(200, 'GET', '/api/v1/admin/uploads?limit=1');
  const path = `/api/v1/admin/uploads/${items[0]?.id ?? ''}/deliveries`;
  const { id } = await admin.expect<{ id: string }>(201, 'POST', path, { recipient });
  return { id, link: linkIn(await mailbox.next(recipient, /your data/)) };
}

interface Progress {
  bytes: number;
  minutesAgo: number;
  isEnding: boolean;
}

const progressOf = async ({ id }: Delivery): Promise<Progress | undefined> => {
  const found = await database.query<Progress>(
    `select coalesce(w.reported_bytes, 0)::float8 as bytes,
            extract(epoch from now() - w.last_progress_at)::float8 / 60 as "minutesAgo",
            exists (select from mediaflux_credential c
                     where c.download_id = w.id and c.destroy_requested_at is not null) as "isEnding"
       from download w
      where w.delivery_id = $1`,
    [id],
  );
  return found.rows[0];
};

const letADayPass = async ({ id }: Delivery): Promise<void> => {
  await database.query(
    `update download
        set started_at = started_at - interval '25 hours', last_progress_at = last_progress_at - interval '25 hours'
      where delivery_id = $1`,
    [id],
  );
};

const reasonAgainstReminding = async ({ id }: Delivery): Promise<string | undefined> => {
  const path = `/api/v1/admin/platforms/${stage.platformId}/reminders/preview`;
  const { notDue } = await stage.program.admin.expect<{
    notDue: { items: { deliveryId: string; reason: string }[] };
  }>(200, 'GET', path);
  return notDue.items.find(({ deliveryId }) => deliveryId === id)?.reason;
};

/** A download that stands still in its large file, with the server told how far it got. */
async function standingStill(delivery: Delivery, at: number): Promise<{ mover: Mover; out: string }> {
  stage.proxy.mostBack = at;
  const out = join(stage.work, delivery.id);
  const mover = stage.mover('download', delivery.link, out, '--json');
  await whileItRuns(mover, 'the server having been told of a part of the file', async () =>
    ((await progressOf(delivery))?.bytes ?? 0) > at / 2 ? true : undefined,
  );
  return { mover, out };
}

const whileItRuns = <T extends object | number | true>(
  mover: Mover,
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> =>
  Promise.race([
    until(what, look),
    mover.finished.then(({ stdout, stderr }) => Promise.reject(new Error(`It ended: ${stdout}${stderr}`))),
  ]);

it('goes on after its link has expired, also after a break, when a day and more has passed in one file', async () => {
  const [moving, still] = [await freshLink('moving@example.org'), await freshLink('still@example.org')];
  const { mover: idle } = await standingStill(still, 10_000_000);
  await idle.kill();
  const { mover, out } = await standingStill(moving, 10_000_000);
  for (const delivery of [moving, still]) await letADayPass(delivery);
  expect(await reasonAgainstReminding(moving)).toBe('too-young');
  stage.proxy.mostBack = 30_000_000;
  await whileItRuns(mover, 'progress inside the file', async () =>
    ((await progressOf(moving))?.minutesAgo ?? Infinity) < 60 ? true : undefined,
  );
  expect(existsSync(join(out, 'scan.raw'))).toBe(false);
  expect(await reasonAgainstReminding(moving)).toBe('in-progress');
  expect(await reasonAgainstReminding(still)).toBe('too-young');
  for (const { id } of [moving, still])
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${id}/extend`, { linkLifetime: 'PT1S' });
  await until('the credential of the one that stands still being ended', async () =>
    (await progressOf(still))?.isEnding ? true : undefined,
  );
  expect((await progressOf(moving))?.isEnding).toBe(false);
  stage.proxy.mostBack = Infinity;
  stage.proxy.cut();
  expect(await mover.finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it('goes on after its link has expired when the server was away for a day and more, and was told nothing', async () => {
  const delivery = await freshLink('away@example.org');
  const front = await HeldProxy.before(() => stage.program.endpoints.server);
  const token = delivery.link.slice(delivery.link.lastIndexOf('/') + 1);
  const out = join(stage.work, 'away');
  stage.proxy.mostBack = 10_000_000;
  const mover = stage.mover('download', token, '--url', front.url, out, '--json');
  await whileItRuns(mover, 'the server having been told of a part of the file', async () =>
    ((await progressOf(delivery))?.bytes ?? 0) > 5_000_000 ? true : undefined,
  );
  const away = new Set(['progress', 'credential']);
  const refused: string[] = [];
  front.before = (_, path) =>
    away.has(path.slice(path.lastIndexOf('/') + 1)) ? Promise.reject(new Error('away')) : Promise.resolve();
  front.after = (_, path, answer) => {
    // It is asked for another credential before anything can be told.
    if (path.endsWith('/credential') && answer.includes('no longer valid')) {
      refused.push(path);
      away.clear();
    }
    return Promise.resolve();
  };
  stage.proxy.mostBack = 30_000_000;
  await letADayPass(delivery);
  await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/extend`, {
    linkLifetime: 'PT1S',
  });
  await until('its credential being destroyed', async () => {
    const { rowCount } = await database.query(
      `select
         from mediaflux_credential c
         join download w on w.id = c.download_id
        where w.delivery_id = $1 and c.destroyed_at is null`,
      [delivery.id],
    );
    return rowCount === 0 || undefined;
  });
  stage.proxy.cut();
  stage.proxy.mostBack = Infinity;
  await whileItRuns(mover, 'a server that is away being asked', () => /Waiting|waits/.test(mover.stderr) || undefined);
  away.delete('credential');
  const { code } = await mover.finished;
  expect([code, refused.length]).toEqual([0, 1]);
  expect(contentsOf(out)).toEqual(contentsOf(source));
  await front.close();
});

it('begins anew with files and bytes that fit together: what was there before counts in both', async () => {
  const delivery = await freshLink('again@example.org');
  const out = join(stage.work, 'again');
  expect(await stage.mover('download', delivery.link, out, '--only', '*.txt').finished).toMatchObject({ code: 0 });
  stage.proxy.mostBack = 10_000_000;
  const mover = stage.mover('download', delivery.link, out, '--json');
  const told = await whileItRuns(mover, 'the server having been told', async () => {
    const found = await database.query<{ files: number; bytes: number }>(
      `select reported_files::int as files, reported_bytes::float8 as bytes
         from download
        where delivery_id = $1 and state = 'started' and reported_bytes > 0`,
      [delivery.id],
    );
    return found.rows[0];
  });
  expect(told.files).toBe(5);
  expect(told.bytes).toBeGreaterThan(45);
  expect(told.bytes).toBeLessThan(LARGE);
  stage.proxy.mostBack = Infinity;
  expect(await mover.finished).toMatchObject({ code: 0 });
});

it('does not wait for a server that leaves its progress unanswered', async () => {
  const delivery = await freshLink('unheard@example.org');
  const front = await HeldProxy.before(() => stage.program.endpoints.server);
  front.holds = (_, path) => path.endsWith('/progress');
  const out = join(stage.work, 'unheard');
  const token = delivery.link.slice(delivery.link.lastIndexOf('/') + 1);
  stage.proxy.mostBack = 10_000_000;
  const mover = stage.mover('download', token, '--url', front.url, out, '--json', '--parallel', '1');
  await whileItRuns(mover, 'a report without answer', () => front.held || undefined);
  const fetched = () => eventsIn(mover.stdout).filter(({ event }) => event === 'file').length;
  expect(fetched()).toBeLessThan(6);
  stage.proxy.mostBack = Infinity;
  expect(await mover.finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
  await front.close();
});

it('ends with 3 inside a file when its link is revoked, also while nothing arrives', async () => {
  const delivery = await freshLink('revoked@example.org');
  const { mover } = await standingStill(delivery, 10_000_000);
  await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/revoke`);
  stage.proxy.mostBack = 30_000_000;
  const { code, stdout } = await mover.finished;
  stage.proxy.mostBack = Infinity;
  expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('desk@example.org') });
});
