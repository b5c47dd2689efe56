// `npm run bench -- reminders [--row=none-due|all-due|sending] [--count=N]`: choosing whom to remind among open
// deliveries, as a ratio to the same question asked of psql in bare SQL; writing the ledger and the outbox, as a ratio to
// `insert … select` of the same rows; and reminders to a local mail server, each claimed and committed, as a ratio to
// nodemailer's pooled transport alone.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createDataSource, migrate } from '../src/database/data-source.js';
import { Transactions } from '../src/database/index.js';
import { PublicAddress } from '../src/http/index.js';
import { findPlatform } from '../src/platforms/index.js';
import { chooseAll } from '../src/reminders/choose-all.js';
import { SelectionStore } from '../src/reminders/selection.store.js';
import { freshFolder, removeFolders } from '../test/support/folders.js';
import { Program } from '../test/support/program.js';
import { measured } from './process-use.js';
import { benchSendingReminders } from './reminders-sending.js';
import { BARE_QUESTION, fill, FILLED, INSERT_BARE } from './reminders-tables.js';
import type { Row } from './rows.js';
import { medianOf, type Timing, timed } from './timing.js';

const ROUNDS = 3;

export async function benchReminders(isSmall: boolean): Promise<Row[]> {
  const wanted = option('row');
  const count = Number(option('count') ?? NaN);
  const open = count || (isSmall ? 50_000 : 1_000_000);
  return [
    ...(wanted === undefined || wanted === 'none-due' ? await selection(open, false) : []),
    ...(wanted === undefined || wanted === 'all-due' ? await selection(open, true) : []),
    ...(wanted === undefined || wanted === 'sending'
      ? await benchSendingReminders(count || (isSmall ? 2_000 : 100_000))
      : []),
  ];
}

const option = (name: string): string | undefined =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

async function selection(open: number, isDue: boolean): Promise<Row[]> {
  const work = freshFolder();
  const program = await Program.start({ dataDir: join(work, 'data') });
  try {
    const url = await emptyDatabase(program.endpoints.database);
    const database = new pg.Client({ connectionString: url });
    // The cluster is stopped under it when something goes wrong; that is then told by itself.
    database.on('error', () => undefined);
    await database.connect();
    await fill(database, open, isDue);
    // A few first, so that what is compiled and connected once counts for neither.
    const few = await select(database, url, 1_000);
    const ours: Timing[] = [];
    const theirs: Timing[] = [];
    let risen = few.risenBytes;
    const hasPsql = spawnSync('psql', ['--version']).status === 0;
    if (!hasPsql)
      process.stdout.write('psql is not installed (Debian package: postgresql-client); its rows are left out.\n');
    const script = join(work, 'bare.sql');
    writeFileSync(script, isDue ? INSERT_BARE : BARE_QUESTION);
    // Writing a million rows is one round: each would have to begin from the same tables.
    for (let round = 0; round < (isDue ? 1 : ROUNDS); round += 1) {
      const { timing, risenBytes, chosen } = await select(database, url);
      if (chosen !== (isDue ? open : 0)) throw new Error(`A run chose ${chosen} of ${open} deliveries.`);
      ours.push(timing);
      risen = Math.max(risen, risenBytes);
      if (isDue) await forget(database);
      if (hasPsql) theirs.push(await timed(`psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --file=${script} '${url}'`));
    }
    await database.end();
    const row = { bytes: 0, files: open };
    const factor = medianOf(ours.map(({ seconds }, index) => seconds / (theirs[index]?.seconds ?? NaN)));
    const what = isDue ? 'all due, ledger and outbox written' : 'none due';
    return [
      {
        what: `${open} open deliveries, ${what}`,
        timing: middle(ours),
        ...row,
        more: `${hasPsql ? `${factor.toFixed(2)} times as long, ` : ''}${(risen / 1e6).toFixed(0)} MB above idle (${(few.risenBytes / 1e6).toFixed(0)} MB for 1000)`,
      },
      ...(hasPsql
        ? [
            {
              what: isDue ? '  reference: insert … select by psql' : '  reference: the question in bare SQL by psql',
              timing: middle(theirs),
              ...row,
            },
          ]
        : []),
    ];
  } finally {
    await program.stop();
    removeFolders(work);
  }
}

const middle = (timings: readonly Timing[]): Timing =>
  [...timings].sort((a, b) => a.seconds - b.seconds)[timings.length >> 1] ?? { seconds: NaN, cpuSeconds: NaN };

/** All pages of a new run, as the program chooses them; with `most`, one page of so many, undone. */
async function select(database: pg.Client, url: string, most?: number) {
  await database.query(FILLED.newRun);
  const dataSource = await createDataSource(url, 1).initialize();
  const transactions = new Transactions(dataSource);
  const platform = await findPlatform(dataSource.manager, FILLED.platformId);
  if (!platform) throw new Error('The platform is gone.');
  const store = new SelectionStore(new PublicAddress('http://localhost'));
  const wanted = { runId: FILLED.runId, platform, judgedAt: FILLED.now, now: FILLED.now };
  let chosen = 0;
  const use = await measured(process.pid, async () => {
    if (most === undefined) chosen = await chooseAll(store, transactions, () => wanted, new AbortController().signal);
    else await transactions.run((tx) => store.page(tx, wanted, most));
  });
  await dataSource.destroy();
  if (most !== undefined) await forget(database);
  return { ...use, chosen };
}

async function forget(database: pg.Client): Promise<void> {
  await database.query(FILLED.forget);
  await database.query('vacuum analyze reminder, mail_outbox');
}

/** In the same cluster, where no worker takes anything. */
async function emptyDatabase(url: string): Promise<string> {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await database.query('create database bench_reminders template template0');
  await database.end();
  const made = new URL(url);
  made.pathname = '/bench_reminders';
  await migrate(made.href);
  return made.href;
}
