// Chains of sealed events against a real database: several sealers, late commits, and every way to tamper with them.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { chainedAccess } from '../../src/access/chained-records.js';
import { AuditStore } from '../../src/audit/audit.store.js';
import { auditEntries, ChainedKinds } from '../../src/audit/chained-kinds.js';
import { ChainsStore } from '../../src/audit/chains.store.js';
import { SealerService } from '../../src/audit/sealer.service.js';
import { type ChainReport, type KnownHead, verifyChains } from '../../src/audit/verify-chains.js';
import { Transactions } from '../../src/database/index.js';
import { Ids } from '../../src/ids/index.js';
import { Sweeps } from '../../src/queue/sweeps.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert, makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';

let database: TestDatabase;
let outsider: pg.Client;
let platformId: string;
let deliveryId: string;
const ids = new Ids();
const kinds = [auditEntries, ...chainedAccess];

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
  outsider = new pg.Client({ connectionString: database.url });
  await outsider.connect();
});
afterAll(async () => {
  await outsider.end();
  await database.close();
});

beforeEach(async () => {
  const { dataSource } = database;
  platformId = await makePlatform(dataSource);
  const uploadId = await makeUpload(dataSource, platformId);
  deliveryId = await makeDelivery(dataSource, uploadId, platformId, await makePerson(dataSource));
});

const sealer = (): SealerService => {
  const registered = new ChainedKinds();
  registered.register(...chainedAccess);
  const transactions = new Transactions(database.dataSource);
  return new SealerService(transactions, new ChainsStore(), registered, new Sweeps(), { now: () => new Date(0) });
};
const seal = (): Promise<void> => sealer().run(new AbortController().signal);

const viewed = async (count: number): Promise<string[]> => {
  const made = Array.from({ length: count }, () => ids.next());
  await database.dataSource.query(
    `insert into access_event (id, delivery_id, platform_id, method, phase, counts, at, details)
     select id, $2, $3, 'page', 'viewed', false, now(), '{"näme": "«", "n": 1.50}' from unnest($1::uuid[]) as id`,
    [made, deliveryId, platformId],
  );
  return made;
};

const verify = async (known: readonly KnownHead[] = [], chain = platformId): Promise<ChainReport> => {
  const found = await new Transactions(database.dataSource).snapshot(async (tx) => {
    const reports: ChainReport[] = [];
    for await (const report of verifyChains(tx, kinds, { chain, known })) reports.push(report);
    return reports;
  });
  expect(found).toHaveLength(1);
  return found[0] as ChainReport;
};
const problems = async (known?: readonly KnownHead[]): Promise<string[]> =>
  (await verify(known)).problems.map(({ problem, sequence, entryId }) =>
    [problem, sequence, entryId].filter((part) => part !== undefined).join(' '),
  );

/** As somebody who may do anything in the database does it: no trigger runs. */
async function tamper(sql: string, parameters: unknown[] = []): Promise<void> {
  await outsider.query('set session_replication_role = replica');
  await outsider.query(sql, parameters);
  await outsider.query('set session_replication_role = default');
}

describe('append-only tables', () => {
  it.each(['access_event', 'access_overrule', 'audit_entry', 'chain_seal', 'upload_look'])(
    '%s refuses change, removal and emptying',
    async (table) => {
      for (const statement of [
        `delete from ${table}`,
        `update ${table} set ${table === 'chain_seal' ? 'kind = kind' : 'id = id'}`,
        `truncate ${table} cascade`,
      ]) {
        await expect(database.dataSource.query(statement)).rejects.toMatchObject({ code: '23001' });
      }
    },
  );
});

describe('the sealer', () => {
  it('seals what waits, more than a batch, and leaves nothing waiting', async () => {
    await viewed(2_300);
    expect(await verify()).toMatchObject({ ok: true, sealed: 0, waiting: 2_300, head: null });
    await seal();
    const report = await verify();
    expect(report).toMatchObject({ ok: true, sealed: 2_300, waiting: 0, problems: [] });
    expect(report.head).toMatchObject({ sequence: 2_300, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
  });

  it('makes one chain of what eight sealers seal at once, while entries come in', async () => {
    const coming = Promise.all(Array.from({ length: 40 }, () => viewed(50)));
    await Promise.all(Array.from({ length: 8 }, () => seal()));
    await coming;
    await Promise.all(Array.from({ length: 8 }, () => seal()));
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 2_000, waiting: 0 });
  });

  it('seals an entry that is committed after later ones were sealed', async () => {
    const late = ids.next();
    await outsider.query('begin');
    await outsider.query(
      `insert into access_event (id, delivery_id, platform_id, method, phase, counts, at)
       values ($1, $2, $3, 'page', 'viewed', false, now())`,
      [late, deliveryId, platformId],
    );
    await viewed(3);
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 3, waiting: 0 });
    await outsider.query('commit');
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 4, waiting: 0 });
    expect(await database.dataSource.query('select sequence from chain_seal where entry_id = $1', [late])).toEqual([
      { sequence: 4 },
    ]);
  });

  it('keeps nobody who records waiting, while a chain is being sealed', async () => {
    await viewed(1);
    await seal();
    await outsider.query('begin');
    await outsider.query('select * from chain_head where chain = $1 for update', [platformId]);
    await viewed(5);
    await seal();
    expect(await verify()).toMatchObject({ sealed: 1, waiting: 5 });
    await outsider.query('rollback');
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 6, waiting: 0 });
  });

  it('leaves a chain that fails for the next pass, and seals the others', async () => {
    const failing = platformId;
    await viewed(2);
    await tamper(`insert into chain_seal values ($1, 1, 'access-event', $2, '\\x00', '\\x00', now())`, [
      failing,
      randomUUID(),
    ]);
    platformId = await makePlatform(database.dataSource);
    await viewed(2);
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 2 });
    expect(await verify([], failing)).toMatchObject({ ok: false, waiting: 2 });
    await tamper(`delete from chain_seal where chain = $1`, [failing]);
    await seal();
    expect(await verify([], failing)).toMatchObject({ ok: true, sealed: 2 });
  });

  it('seals administrators’ changes in a chain of their own, and overrules in the platform’s', async () => {
    const [eventId = ''] = await viewed(1);
    await insert(database.dataSource, 'access_overrule', {
      id: ids.next(),
      event_id: eventId,
      delivery_id: deliveryId,
      platform_id: platformId,
      counts: false,
      actor: 'admin',
      at: new Date(),
    });
    const change = { actor: 'admin', action: 'platform.changed', subjectKind: 'platform', subjectId: platformId };
    await new AuditStore(ids).record(database.dataSource.manager, {
      ...change,
      after: { name: 'Ärger', n: [1, null] },
    });
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 2 });
    expect(await verify([], 'administration')).toMatchObject({ ok: true, sealed: 1, platform: null });
    await tamper(`update audit_entry set after = after || '{"name": "Aerger"}' where subject_id = $1`, [platformId]);
    expect((await verify([], 'administration')).problems).toMatchObject([{ problem: 'changed', sequence: 1 }]);
    await tamper(`update audit_entry set after = after || '{"name": "Ärger"}' where subject_id = $1`, [platformId]);
    expect(await verify([], 'administration')).toMatchObject({ ok: true });
  });

  it('hashes as the documentation says: the database, told so in SQL, comes to the same', async () => {
    await viewed(3);
    await seal();
    const netstring = (text: string): string => `coalesce(octet_length(${text}) || ':' || ${text} || ',', '-,')`;
    const instant = (column: string): string =>
      `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    const parts = [
      `'instrument-dispatch/chain/1'`,
      's.chain',
      's.sequence::text',
      's.kind',
      's.entry_id::text',
      `encode(s.previous_sha256, 'hex')`,
      instant('s.sealed_at'),
      'e.id::text',
      'e.delivery_id::text',
      'e.platform_id::text',
      'e.method',
      'e.phase',
      `case when e.counts then 'true' else 'false' end`,
      instant('e.at'),
      'e.details::text',
      instant('e.recorded_at'),
    ];
    const found = await database.dataSource.query<{ same: boolean }[]>(
      `select sha256(convert_to(${parts.map(netstring).join(' || ')}, 'UTF8')) = s.sha256 as same
         from chain_seal s join access_event e on e.id = s.entry_id where s.chain = $1`,
      [platformId],
    );
    expect(found).toEqual([{ same: true }, { same: true }, { same: true }]);
  });
});

describe('verification', () => {
  let entries: string[];
  beforeEach(async () => {
    entries = await viewed(5);
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 5 });
  });

  it.each([
    ['counts, which decides', `update access_event set counts = not counts where id = $1`],
    ['the moment, by a microsecond', `update access_event set at = at + interval '1 microsecond' where id = $1`],
    ['details', `update access_event set details = '{}' where id = $1`],
    ['a number, by how it is written', `update access_event set details = '{"n": 1.5, "näme": "«"}' where id = $1`],
    ['when it was recorded', `update access_event set recorded_at = recorded_at - interval '1 day' where id = $1`],
    ['the moment of the seal', `update chain_seal set sealed_at = sealed_at - interval '1 day' where entry_id = $1`],
  ])('finds a changed entry: %s', async (_, sql) => {
    await outsider.query(`alter table access_event drop constraint if exists access_event_page_check`);
    await outsider.query(`alter table access_event drop constraint if exists access_event_check1`);
    await tamper(sql, [entries[2]]);
    expect(await problems()).toEqual([`changed 3 ${entries[2]}`]);
  });

  it('finds an entry that went to another platform', async () => {
    await tamper('update access_event set platform_id = $2 where id = $1', [
      entries[1],
      await makePlatform(database.dataSource),
    ]);
    expect(await problems()).toEqual([`changed 2 ${entries[1]}`]);
  });

  it('finds a removed entry', async () => {
    await tamper('delete from access_event where id = $1', [entries[4]]);
    expect(await problems()).toEqual([`entry-removed 5 ${entries[4]}`]);
  });

  it('finds an entry that was removed before it was sealed', async () => {
    const [gone = ''] = await viewed(1);
    await tamper('delete from access_event where id = $1', [gone]);
    await viewed(1);
    await seal();
    expect(await problems()).toEqual([`entry-removed 6 ${gone}`]);
  });

  it('finds a removed entry together with its seal', async () => {
    await tamper('delete from access_event where id = $1', [entries[1]]);
    await tamper('delete from chain_seal where entry_id = $1', [entries[1]]);
    expect(await problems()).toEqual(['seal-removed 2']);
  });

  it('finds a removed seal, and its entry without one', async () => {
    await tamper('delete from chain_seal where entry_id = $1', [entries[0]]);
    expect(await problems()).toEqual(['seal-removed 1', `inserted ${entries[0]}`]);
  });

  it('finds a changed seal, and that the next does not follow from it', async () => {
    await tamper(`update chain_seal set sha256 = decode(repeat('ab', 32), 'hex') where entry_id = $1`, [entries[3]]);
    expect(await problems()).toEqual([`changed 4 ${entries[3]}`, `link-broken 5 ${entries[4]}`]);
  });

  it('finds an entry that came in past the trigger', async () => {
    const id = ids.next();
    await tamper(
      `insert into access_event (id, delivery_id, platform_id, method, phase, counts, at)
       values ($1, $2, $3, 'direct', 'attempted', true, now())`,
      [id, deliveryId, platformId],
    );
    expect(await problems()).toEqual([`inserted ${id}`]);
  });

  it('takes an entry that waits for seconds as usual, and one that waits for long as a problem', async () => {
    const [id = ''] = await viewed(1);
    expect(await verify()).toMatchObject({ ok: true, waiting: 1 });
    await tamper(`update access_event set recorded_at = now() - interval '16 minutes' where id = $1`, [id]);
    expect(await problems()).toEqual([`unsealed ${id}`]);
  });

  it('finds a removed tail by the head', async () => {
    await tamper('delete from access_event where id = any($1)', [entries.slice(3)]);
    await tamper('delete from chain_seal where entry_id = any($1)', [entries.slice(3)]);
    expect(await problems()).toEqual(['tail-removed 4']);
    expect((await verify()).problemCount).toBe(2);
  });

  it('finds a tail removed together with the head only against a head that was kept elsewhere', async () => {
    const { head } = await verify();
    const kept = { chain: platformId, sequence: head?.sequence ?? 0, sha256: head?.sha256 ?? '' };
    expect(await problems([kept])).toEqual([]);
    await tamper('delete from access_event where id = any($1)', [entries.slice(3)]);
    await tamper('delete from chain_seal where entry_id = any($1)', [entries.slice(3)]);
    await tamper(
      `update chain_head h set sequence = s.sequence, sha256 = s.sha256 from chain_seal s
        where h.chain = $1 and s.chain = $1 and s.sequence = 3`,
      [platformId],
    );
    expect(await problems()).toEqual([]);
    expect(await problems([kept])).toEqual(['known-head-missing 5']);
    // A chain that goes on to the same length is another one.
    await viewed(2);
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 5 });
    expect(await problems([kept])).toEqual(['known-head-missing 5']);
  });

  it('finds seals beyond the head', async () => {
    await tamper(
      `update chain_head h set sequence = s.sequence, sha256 = s.sha256 from chain_seal s
        where h.chain = $1 and s.chain = $1 and s.sequence = 3`,
      [platformId],
    );
    expect(await problems()).toEqual(['head-differs 3']);
  });

  it('tells a removed platform’s chain by what is left of it', async () => {
    await tamper('delete from chain_seal where chain = $1', [platformId]);
    await tamper('delete from chain_head where chain = $1', [platformId]);
    await tamper('delete from platform where id = $1', [platformId]);
    const report = await verify();
    expect(report).toMatchObject({ ok: false, platform: null, head: null, problemCount: 5 });
    await tamper('delete from access_event where platform_id = $1', [platformId]);
  });
});
