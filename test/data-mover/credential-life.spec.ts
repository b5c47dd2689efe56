// A transfer that takes longer than its credential lives: small files one after the other, one large file in pieces, and
// files that are fetched one after the other.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import pg from 'pg';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { eventsIn, Stage } from './stage.js';

const LIFE_SECONDS = 3;
let stage: Stage;
let database: pg.Client;

beforeAll(async () => {
  stage = await Stage.open({
    UPLOAD_CREDENTIAL_LIFE: `PT${LIFE_SECONDS}S`,
    DOWNLOAD_CREDENTIAL_LIFE: `PT${LIFE_SECONDS}S`,
  });
  database = new pg.Client({ connectionString: stage.program.endpoints.database });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await stage.close();
});

interface Life {
  credentials: number;
  /** From the first credential's making to the last one's. */
  seconds: number;
  longest: number;
  /** What the client said, with its last renewal, that it had sent. */
  told: number;
}

async function livesOf(folder: string): Promise<Life | undefined> {
  const found = await database.query<Life>(
    `select count(*)::int as credentials,
            extract(epoch from max(c.created_at) - min(c.created_at))::float8 as seconds,
            extract(epoch from max(c.expires_at - c.created_at))::float8 as longest,
            max(u.told_bytes) as told
       from mediaflux_credential c
       join upload u on u.id = c.upload_id
      where u.folder = $1
        and c.purpose = 'upload'`,
    [folder],
  );
  return found.rows[0];
}

/** From the mail about a folder. */
async function linkTo(folder: string): Promise<string> {
  const mail = await stage.program.mailbox.next('ada@example.org', new RegExp(folder.replaceAll('.', '\\.')));
  return /https?:\/\/\S+\/s\/[\w-]+/.exec(mail.text)?.[0] ?? '';
}

it.each([
  ['many small files', Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`f-${n}`, bytesOf(`f-${n}`, 1_000)]))],
  ['one large file in pieces', { 'large.bin': bytesOf('large', 4_500_000) }],
])('goes through, each byte as it was: %s', async (what, files) => {
  const folder = join(stage.work, what.replaceAll(' ', '-'));
  writeTree(folder, files);
  // Mediaflux is slow, as over a long line: each call that brings contents takes a while.
  for (const service of ['asset.set', 'asset.create', 'server.io.write'])
    stage.emulator.faults.set({ service, action: { delayMs: 700 } });
  const mover = stage.upload(folder, '--piece-above', '1MB', '--piece-size', '256kB');
  const { code, stdout, stderr } = await mover.finished;
  stage.emulator.faults.clear();
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  const done = eventsIn(stdout).find(({ event }) => event === 'done') as { folder: string; files: number };
  expect(done.files).toBe(Object.keys(files).length);
  const lives = await livesOf(done.folder);
  // It outlived several: the last was made when the first had long ended.
  expect(lives?.credentials).toBeGreaterThanOrEqual(4);
  expect(lives?.seconds).toBeGreaterThan(2 * LIFE_SECONDS);
  expect(lives?.longest).toBeLessThanOrEqual(LIFE_SECONDS + 1);
  expect(Number(lives?.told)).toBeGreaterThan(0);
  const link = await linkTo(done.folder);
  const into = join(stage.work, `${what.replaceAll(' ', '-')}-back`);
  expect((await stage.mover('download', link, into).finished).code).toBe(0);
  expect(contentsOf(into)).toEqual(contentsOf(folder));
});

it('goes through downwards too', async () => {
  const folder = join(stage.work, 'down');
  // Too large to come many at a time.
  writeTree(folder, Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`g-${n}`, bytesOf(`g-${n}`, 200_000)])));
  const done = eventsIn((await stage.upload(folder).finished).stdout).find(({ event }) => event === 'done');
  const link = await linkTo(done?.['folder'] as string);
  const into = join(stage.work, 'down-back');
  stage.emulator.faults.set({ path: '/mflux/content.mfjp', action: { delayMs: 900 } });
  const { code, stdout, stderr } = await stage.mover('download', link, into, '--parallel', '1').finished;
  stage.emulator.faults.clear();
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  expect(contentsOf(into)).toEqual(contentsOf(folder));
  const { rows } = await database.query<Pick<Life, 'credentials' | 'seconds' | 'longest'>>(
    `select count(*)::int as credentials,
            extract(epoch from max(created_at) - min(created_at))::float8 as seconds,
            extract(epoch from max(expires_at - created_at))::float8 as longest
       from mediaflux_credential
      where purpose = 'download'
      group by delivery_id
      order by max(created_at) desc
      limit 1`,
  );
  expect(rows[0]?.credentials).toBeGreaterThanOrEqual(4);
  expect(rows[0]?.seconds).toBeGreaterThan(2 * LIFE_SECONDS);
  expect(rows[0]?.longest).toBeLessThanOrEqual(LIFE_SECONDS + 1);
});
