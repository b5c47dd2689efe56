// The connection to PostgreSQL and its migrations. Several processes may start at once: a session lock on a
// connection of its own makes the others wait and then find nothing to do.

import pg from 'pg';
import { DataSource } from 'typeorm';
import { FirstTables1764000000001 } from './migrations/1-first-tables.js';
import { LimitsAndStalls1764000000002 } from './migrations/2-limits-and-stalls.js';
import { CopiedEntries1764000000003 } from './migrations/3-copied-entries.js';
import { Trials1764000000004 } from './migrations/4-trials.js';
import { Languages1764000000005 } from './migrations/5-languages.js';
import { EventChains1764000000006 } from './migrations/6-event-chains.js';
import { Mails1764000000007 } from './migrations/7-mails.js';
import { StopsStartsTroubles1764000000008 } from './migrations/8-stops-starts-troubles.js';
import { Links1764000000010 } from './migrations/10-links.js';
import { Pages1764000000011 } from './migrations/11-pages.js';
import { NamesForWindows1764000000012 } from './migrations/12-names-for-windows.js';
import { ReminderPolicies1764000000013 } from './migrations/13-reminder-policies.js';
import { Selection1764000000014 } from './migrations/14-selection.js';
import { ReminderFigures1764000000015 } from './migrations/15-reminder-figures.js';
import { Copies1764000000016 } from './migrations/16-copies.js';
import { RoomForMarks1764000000019 } from './migrations/19-room-for-marks.js';
import { NoticesAndDigests1764000000021 } from './migrations/21-notices-and-digests.js';
import { CopyAttempts1764000000022 } from './migrations/22-copy-attempts.js';
import { AskedForMoreTime1764000000023 } from './migrations/23-asked-for-more-time.js';
import { CountsAndRepeatedCalls1764000000024 } from './migrations/24-counts-and-repeated-calls.js';
import { ClientHistory1764000000026 } from './migrations/26-client-history.js';
import { ReminderRunAttempts1764000000033 } from './migrations/33-reminder-run-attempts.js';
import { FinalDots1764000000034 } from './migrations/34-final-dots.js';
import { FailedTries1764000000035 } from './migrations/35-failed-tries.js';
import { Confirmations1764000000039 } from './migrations/39-confirmations.js';
import { RunEndReasons1764000000040 } from './migrations/40-run-end-reasons.js';
import { NoLastInLedger1764000000041 } from './migrations/41-no-last-in-ledger.js';
import { LaterLooks1764000000042 } from './migrations/42-later-looks.js';
import { FailedLooks1764000000043 } from './migrations/43-failed-looks.js';

/** The type of bigint columns (pg_type.oid). */
const INT8 = 20;
const MIGRATION_LOCK = 7_315_274;

/** bigint columns come as numbers: every count and size of ours stays below 2^53, which the reader checks. */
const typeParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
    return oid === INT8 && format !== 'binary'
      ? exactNumber
      : (pg.types.getTypeParser(oid, format) as (text: string) => unknown);
  },
};

function exactNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('A whole number in the database is beyond 2^53.');
  return value;
}

export function createDataSource(databaseUrl: string, poolSize = 10): DataSource {
  return new DataSource({
    type: 'postgres',
    url: databaseUrl,
    synchronize: false,
    migrations: [
      FirstTables1764000000001,
      LimitsAndStalls1764000000002,
      CopiedEntries1764000000003,
      Trials1764000000004,
      Languages1764000000005,
      EventChains1764000000006,
      Mails1764000000007,
      StopsStartsTroubles1764000000008,
      Links1764000000010,
      Pages1764000000011,
      NamesForWindows1764000000012,
      ReminderPolicies1764000000013,
      Selection1764000000014,
      ReminderFigures1764000000015,
      Copies1764000000016,
      RoomForMarks1764000000019,
      NoticesAndDigests1764000000021,
      CopyAttempts1764000000022,
      AskedForMoreTime1764000000023,
      CountsAndRepeatedCalls1764000000024,
      ClientHistory1764000000026,
      ReminderRunAttempts1764000000033,
      FinalDots1764000000034,
      FailedTries1764000000035,
      Confirmations1764000000039,
      RunEndReasons1764000000040,
      NoLastInLedger1764000000041,
      LaterLooks1764000000042,
      FailedLooks1764000000043,
    ],
    migrationsTableName: 'migration',
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    applicationName: 'instrument-dispatch',
    poolSize,
    extra: { types: typeParsers, connectionTimeoutMillis: 10_000 },
  });
}

/** Brings the database at `databaseUrl` up to date. Any number of processes may call it at once. */
export async function migrate(databaseUrl: string): Promise<void> {
  const lock = new pg.Client({ connectionString: databaseUrl });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const dataSource = await createDataSource(databaseUrl, 2).initialize();
    try {
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}
