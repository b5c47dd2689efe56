// Many clients at once on one link, and the chains of all that was recorded: verified over REST and by the command, on a
// real server.

import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freshFolder } from '../support/folders.js';
import { type Finished, runCommand } from '../support/program.js';
import { until } from '../support/wait.js';
import { linksTo } from '../access/links.js';

const CLIENTS = 200;

interface Verified {
  ok: boolean;
  chains: {
    chain: string;
    platform: string | null;
    ok: boolean;
    sealed: number;
    waiting: number;
    problems: unknown[];
  }[];
}

const shared = linksTo('ida', 'ada', 'joe');

describe(`${CLIENTS} clients at once`, () => {
  it('on one link that nobody has used: each attempt is answered and recorded while the chain is held, and sealed afterwards', async () => {
    const holder = new pg.Client({ connectionString: shared.program.endpoints.database });
    await holder.connect();
    await holder.query('begin');
    await until('the chain’s head, to hold it', async () => {
      const head = 'select 1 from chain_head where chain = $1 for update';
      return (await holder.query(head, [shared.dispatched.platformId])).rowCount === 1 ? true : undefined;
    });
    const unsealed = async (): Promise<number> => {
      const { rows } = await shared.database.query<{ count: string }>(
        `select count(*) from access_event e
          where e.delivery_id = $1 and not exists (select 1 from chain_seal s where s.entry_id = e.id)`,
        [shared.of('joe').id],
      );
      return Number(rows[0]?.count);
    };
    try {
      const before = (await shared.get('joe')).events.length;
      const each = Array.from({ length: CLIENTS }, (_, index) => ({ 'user-agent': `client ${index}` }));
      const viewed = await Promise.all(each.map((client) => shared.ask('GET', `/s/${shared.of('joe').token}`, client)));
      const attempted = await Promise.all(each.map((client) => shared.direct('joe', client)));
      const said = await Promise.all(
        each.map((client) => shared.ask('POST', `/s/${shared.of('joe').token}/done`, client)),
      );
      expect([viewed, attempted, said].map((replies) => [...new Set(replies.map(({ status }) => status))])).toEqual([
        [200],
        [303],
        [204],
      ]);
      const made = (await shared.get('joe')).events.slice(before);
      const count = (phase: string): number => made.filter((event) => event.phase === phase).length;
      expect([count('viewed'), count('attempted'), count('done')]).toEqual([CLIENTS, CLIENTS, CLIENTS]);
      expect(made.filter(({ counts }) => counts)).toHaveLength(CLIENTS);
      expect(await unsealed()).toBeGreaterThanOrEqual(3 * CLIENTS);
    } finally {
      await holder.end();
    }
    await until('all of it sealed', async () => ((await unsealed()) === 0 ? true : undefined));
  });
});

describe('the chains', () => {
  const verify = async (chain?: string): Promise<Verified> =>
    shared.program.admin.expect<Verified>(
      200,
      'GET',
      `/api/v1/admin/audit/verify${chain === undefined ? '' : `?chain=${chain}`}`,
    );
  const command = (...args: string[]): Promise<Finished> =>
    runCommand('src/admin/command-line/verify-chains.js', args, { DATABASE_URL: shared.program.endpoints.database });
  const settled = (): Promise<Verified> =>
    until('all being sealed', async () => {
      const found = await verify();
      return found.chains.every(({ waiting }) => waiting === 0) ? found : undefined;
    });

  it('hold for every platform and the administration, over REST and by the command', async () => {
    const found = await settled();
    expect(found).toMatchObject({
      ok: true,
      chains: [
        { chain: 'administration', platform: null, ok: true, problems: [] },
        { chain: shared.dispatched.platformId, platform: 'Microscopy', ok: true, problems: [] },
      ],
    });
    expect(found.chains[1]?.sealed).toBeGreaterThanOrEqual(1);
    expect(await verify(shared.dispatched.platformId)).toMatchObject({
      ok: true,
      chains: [{ chain: shared.dispatched.platformId }],
    });
    const { code, stdout } = await command();
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^ok {3}chain=administration sealed=\d+ waiting=0 head=\d+:[0-9a-f]{64}$/) as unknown,
      expect.stringMatching(
        /^ok {3}chain=[0-9a-f-]{36} sealed=\d+ waiting=0 head=\d+:[0-9a-f]{64} "Microscopy"$/,
      ) as unknown,
    ]);
    expect((await shared.program.admin.call('GET', '/api/v1/admin/audit/verify?chain=x')).status).toBe(422);
    expect(
      (await shared.program.admin.call('GET', `/api/v1/admin/audit/verify?chain=${shared.of('ada').id}`)).status,
    ).toBe(404);
  });

  it('tell their heads, and how far they are in the metrics', async () => {
    const { chains } = await settled();
    const { items } = await shared.program.admin.expect<{
      items: { chain: string; sequence: number; sha256: string }[];
    }>(200, 'GET', '/api/v1/admin/audit/chains');
    expect(items.map(({ chain, sequence }) => [chain, sequence])).toEqual(
      expect.arrayContaining(chains.map(({ chain, sealed }) => [chain, sealed])),
    );
    const metrics = (await shared.ask('GET', '/metrics', {})).body;
    expect(metrics).toContain(
      `dispatch_chain_sealed{chain="${shared.dispatched.platformId}"} ${chains[1]?.sealed ?? ''}`,
    );
    expect(metrics).toContain('dispatch_chain_waiting 0');
  });

  it('show what was changed, and what was cut off, against an output that was kept', async () => {
    await settled();
    const kept = join(freshFolder(), 'heads.txt');
    writeFileSync(kept, (await command()).stdout);
    expect((await command('--against', kept)).code).toBe(0);
    const { rows } = await shared.database.query<{ id: string; sequence: string }>(
      `select e.id, s.sequence from access_event e join chain_seal s on s.entry_id = e.id
        where e.delivery_id = $1 and e.phase = 'attempted' order by s.sequence limit 1`,
      [shared.of('ida').id],
    );
    const [event] = rows;
    await shared.database.query('set session_replication_role = replica');
    await shared.database.query('update access_event set counts = false where id = $1', [event?.id]);
    const changed = await command('--chain', shared.dispatched.platformId);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain('FAIL ');
    expect(changed.stdout).toContain(`changed: seal ${event?.sequence ?? ''}, entry ${event?.id ?? ''}`);
    expect(await verify()).toMatchObject({ ok: false, chains: [{ ok: true }, { ok: false }] });
    await shared.database.query('update access_event set counts = true where id = $1', [event?.id]);
    expect((await command()).code).toBe(0);

    const tables = ['chain_seal', 'chain_head', 'audit_entry'];
    for (const table of tables) {
      const which = table === 'audit_entry' ? 'true' : `chain = 'administration'`;
      await shared.database.query(`create table cut_${table} as select * from ${table} where ${which}`);
      await shared.database.query(`delete from ${table} where ${which}`);
    }
    const unnoticed = await command();
    const cut = await command('--against', kept);
    for (const table of tables) await shared.database.query(`insert into ${table} select * from cut_${table}`);
    await shared.database.query('set session_replication_role = default');
    expect(unnoticed.code).toBe(0);
    expect(cut.code).toBe(1);
    expect(cut.stdout).toContain('known-head-missing');
    expect((await command('--against', kept)).code).toBe(0);
    const wrong = await command('--against', join(shared.program.dataDir, 'admin-key'));
    expect([
      wrong.code,
      wrong.stderr.includes(readFileSync(join(shared.program.dataDir, 'admin-key'), 'utf8').trim()),
    ]).toEqual([2, false]);
    expect((await command('--chain', shared.of('ada').id)).code).toBe(2);
  });
});
