// `npm run bench -- outbox`: dispatch mails from the outbox to a local mail server, each with its hand-over committed, as
// a ratio to nodemailer's pooled transport alone sending the same mail; and claims alone as a ratio to the same
// statement in pgbench.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createDataSource, migrate } from '../src/database/data-source.js';
import { CLAIM_DUE, OutboxStore } from '../src/mail/outbox.store.js';
import { Mailed } from './mailed.js';
import { cpuSeconds } from './process-use.js';
import type { Row } from './rows.js';
import { medianOf, timed, type Timing } from './timing.js';

const ROUNDS = 3;
const BATCH = 50;

export async function benchOutbox(isSmall: boolean): Promise<Row[]> {
  const mails = isSmall ? 1_000 : 10_000;
  const mailed = await Mailed.start();
  const { program, database, work } = mailed;
  try {
    const platform = await mailed.makePlatform();
    const ours: Timing[] = [];
    const alone: Timing[] = [];
    let bytes = 0;
    // One round that is not counted: connections stand and code is compiled, as in a server that runs.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const timing = await sendAll(mailed, platform, mails);
      const reference = await mailed.alone(mails);
      bytes = reference.bytes * mails;
      if (round > 0) ours.push(timing);
      if (round > 0) alone.push(reference.timing);
    }
    const ratio = medianOf(ours.map((timing, index) => (alone[index]?.seconds ?? 0) / timing.seconds));
    return [
      { what: `${mails} dispatch mails, each committed`, timing: middle(ours), bytes, files: mails, ratio },
      { what: "  reference: nodemailer's pooled transport alone", timing: middle(alone), bytes, files: mails },
      ...(await claims(await emptyDatabase(program.endpoints.database, database), isSmall ? 20_000 : 100_000, work)),
    ];
  } finally {
    await mailed.close();
  }
}

const middle = (timings: readonly Timing[]): Timing =>
  [...timings].sort((a, b) => a.seconds - b.seconds)[timings.length >> 1] ?? { seconds: NaN, cpuSeconds: NaN };

/** One upload to as many people; from the first claim to the last commit. */
async function sendAll({ program, database, keyId }: Mailed, platform: string, mails: number): Promise<Timing> {
  await database.query('begin');
  await database.query(`set local synchronous_commit = on`);
  const { rows } = await database.query<{ id: string }>(
    `insert into upload (id, platform_id, folder, folder_namespace, data_namespace, state, keywords, youngest_file_at,
                         completed_at, dispatched_at, files, bytes)
     select id, $1, '2026-03-01_09.00.00-1-1-scope1-fish', '/bench/' || id, '/bench/' || id || '/data', 'complete',
            '{fish,zebra}', now(), now(), now(), 120, 30000000000
       from (select gen_random_uuid() as id) as made
     returning id`,
    [platform],
  );
  const upload = rows[0]?.id ?? '';
  await database.query(
    `with people as (
       insert into person (id, address, address_key)
       select id, id || '@example.org', id || '@example.org'
         from (select gen_random_uuid() as id from generate_series(1, $1::int)) as made
       returning id),
     deliveries as (
       insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id)
       select gen_random_uuid(), $2, $3, id, 0, 'P30D', $4 from people
       returning id, person_id)
     insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once)
     select gen_random_uuid(), 'dispatch', id, person_id, '<dispatch-' || id || '-0@bench.example>', id, false
       from deliveries`,
    [mails, upload, platform, keyId],
  );
  await database.query('commit');
  await database.query('analyze mail_outbox, delivery, person');
  const count = async (state: string): Promise<number> =>
    (
      await database.query<{ count: string }>(
        `select count(*) from mail_outbox m join delivery d on d.id = m.subject_id where d.upload_id = $1 and m.state = $2`,
        [upload, state],
      )
    ).rows.map((row) => Number(row.count))[0] ?? 0;
  const pid = program.child.pid ?? 0;
  while ((await count('pending')) === mails) await delay(5);
  const [start, cpu] = [performance.now(), cpuSeconds(pid)];
  while ((await count('sent')) < mails) await delay(25);
  return { seconds: (performance.now() - start) / 1_000, cpuSeconds: cpuSeconds(pid) - cpu };
}

/** In the same cluster, where no worker takes anything. */
async function emptyDatabase(url: string, database: pg.Client): Promise<string> {
  await database.query('create database bench_claims template template0');
  const made = new URL(url);
  made.pathname = '/bench_claims';
  await migrate(made.href);
  return made.href;
}

/** Claims in batches over one connection until nothing is due, by our store and by pgbench. */
async function claims(url: string, mails: number, work: string): Promise<Row[]> {
  const database = new pg.Client({ connectionString: url });
  // The cluster is stopped under it when something goes wrong; that is then told by itself.
  database.on('error', () => undefined);
  await database.connect();
  const fill = async (): Promise<void> => {
    await database.query('truncate mail_outbox cascade');
    await database.query(
      `insert into person (id, address, address_key) values (gen_random_uuid(), 'a@example.org', 'a@example.org')
       on conflict (address_key) do nothing`,
    );
    await database.query(
      `insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once)
       select gen_random_uuid(), 'bench-claims', gen_random_uuid(), (select id from person), n::text, n::text, false
         from generate_series(1, $1::int) n`,
      [mails],
    );
    await database.query('vacuum analyze mail_outbox');
  };
  const script = join(work, 'claim.sql');
  writeFileSync(script, `${CLAIM_DUE.replaceAll('$1', String(BATCH)).replaceAll('$2', 'now()')};\n`);
  const hasPgbench = spawnSync('pgbench', ['--version']).status === 0;
  if (!hasPgbench)
    process.stdout.write('pgbench is not installed (Debian package: postgresql-contrib); its rows are left out.\n');
  const dataSource = await createDataSource(url, 1).initialize();
  const store = new OutboxStore();
  const ours: Timing[] = [];
  const theirs: Timing[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await fill();
    const [start, cpu] = [performance.now(), cpuSeconds(process.pid)];
    for (let claimed = 0; claimed < mails; claimed += BATCH) {
      const found = await store.claimDue(dataSource.manager, BATCH, new Date());
      if (found.length !== BATCH) throw new Error(`A claim found ${found.length} mails instead of ${BATCH}.`);
    }
    ours.push({ seconds: (performance.now() - start) / 1_000, cpuSeconds: cpuSeconds(process.pid) - cpu });
    if (!hasPgbench) continue;
    await fill();
    const told = join(work, 'pgbench.txt');
    const { cpuSeconds: used } = await timed(
      `pgbench --no-vacuum --client=1 --protocol=prepared --transactions=${mails / BATCH} --file='${script}' "$BENCH_URL" >'${told}' 2>&1`,
      { BENCH_URL: url },
    );
    // Without its start and the connection.
    const rate = Number(/tps = ([\d.]+)/.exec(readFileSync(told, 'utf8'))?.[1]);
    theirs.push({ seconds: mails / BATCH / rate, cpuSeconds: used });
  }
  await dataSource.destroy();
  await database.end();
  const row = { bytes: 0, files: mails };
  const what = `claiming ${mails} mails in batches of ${BATCH}`;
  if (!hasPgbench) return [{ what, timing: middle(ours), ...row }];
  const ratio = medianOf(ours.map((timing, index) => (theirs[index]?.seconds ?? 0) / timing.seconds));
  return [
    { what, timing: middle(ours), ...row, ratio },
    { what: '  reference: pgbench with the same statement', timing: middle(theirs), ...row },
  ];
}
