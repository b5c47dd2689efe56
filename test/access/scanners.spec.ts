// Scanners and people behind one address, overrules, many clients at once, and the chains of it all, on a real server.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Dispatched, dispatchTo, type DispatchedUpload, type Reply, send } from '../support/dispatched.js';
import { type Finished, freshFolder, Program, runCommand } from '../support/program.js';
import { until } from '../support/wait.js';

const CLIENTS = 200;
const SCANNER = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0' };
const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' };

interface Event {
  id: string;
  method: string;
  phase: string;
  counts: boolean;
  client: string | null;
  doubts: string[];
  scanner?: boolean;
  overruled?: { by: string; note: string | null };
}
interface Delivery {
  state: string;
  accessedAt: string | null;
  doneAt: string | null;
  methods: Record<string, unknown>;
  events: Event[];
}
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

let program: Program;
let database: pg.Client;
let dispatched: DispatchedUpload;

beforeAll(async () => {
  program = await Program.start();
  const names = ['ada', 'ben', 'cem', 'dora', 'eve', 'fay', 'gus', 'hal', 'ida', 'joe', 'kim', 'lee'];
  dispatched = await dispatchTo(program, names, {
    reminders: { enabled: true, schedule: '0 9 * * 1', minimumAge: 'PT1S' },
  });
  database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
  await database.query(`update delivery set handed_over_at = handed_over_at - interval '1 day'`);
  await direct('ida', PERSON);
});
afterAll(async () => {
  await database.end();
  await program.stop();
});

const of = (name: string): Dispatched => dispatched.deliveries[name] as Dispatched;
const get = (name: string): Promise<Delivery> =>
  program.admin.expect<Delivery>(200, 'GET', `/api/v1/admin/deliveries/${of(name).id}`);
const ask = (method: string, path: string, headers: Record<string, string>, body?: string): Promise<Reply> =>
  send(program.endpoints.server, method, path, headers, body);
const direct = (name: string, headers: Record<string, string>): Promise<Reply> =>
  ask('POST', `/s/${of(name).token}/direct`, headers);
const followHidden = (name: string, headers: Record<string, string>): Promise<Reply> =>
  ask('GET', `/s/${of(name).token}/not-for-people`, headers);
const overrule = (name: string, eventId: string | undefined, counts: boolean, note?: string): Promise<Delivery> =>
  program.admin.expect<Delivery>(
    200,
    'POST',
    `/api/v1/admin/deliveries/${of(name).id}/events/${eventId ?? ''}/overrule`,
    { counts, note },
  );
/** Would a run remind now? */
const isDue = async (name: string): Promise<boolean> => {
  const { due } = await program.admin.expect<{ due: { items: { deliveryId: string }[] } }>(
    200,
    'GET',
    `/api/v1/admin/platforms/${dispatched.platformId}/reminders/preview`,
  );
  return due.items.some((item) => item.deliveryId === of(name).id);
};

describe('a scanner', () => {
  it('that follows the page’s hidden link and presses every button stops no reminder, and a person does', async () => {
    const page = await ask('GET', `/s/${of('ada').token}`, SCANNER);
    const links = [...page.body.matchAll(/href="(\/s\/[^"]+)"/g)].map(([, path = '']) => path);
    const forms = [...page.body.matchAll(/action="(\/s\/[^"?]+)["?]/g)].map(([, path = '']) => path);
    expect(links.some((path) => path.endsWith('/not-for-people'))).toBe(true);
    expect(forms.map((path) => path.slice(path.lastIndexOf('/')))).toEqual(
      expect.arrayContaining(['/direct', '/done']),
    );
    // All at once, as scanners do: in whatever order they come.
    await Promise.all([
      ...forms.map((path) => ask('POST', path, SCANNER)),
      ...links.map((path) => ask('GET', path, SCANNER)),
    ]);
    const scanned = await get('ada');
    expect(scanned).toMatchObject({ state: 'open', accessedAt: null, doneAt: null });
    expect(scanned.events.filter(({ counts }) => counts)).toEqual([]);
    expect(scanned.events.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['attempted', 'done', 'viewed']));
    expect(await isDue('ada')).toBe(true);

    await direct('ada', PERSON);
    const accessed = await get('ada');
    expect(accessed.state).toBe('accessed');
    expect(accessed.events.at(-1)).toMatchObject({ phase: 'attempted', counts: true, client: 'browser', doubts: [] });
    expect(await isDue('ada')).toBe(false);
  });

  it('on one link is no proof against a person with the same program on another, but a doubt', async () => {
    await followHidden('ben', SCANNER);
    await direct('cem', SCANNER);
    expect((await get('cem')).events.at(-1)).toMatchObject({ counts: true, doubts: ['scanner-on-another-link'] });
  });

  it('is told that its word was not taken, with the way back', async () => {
    await followHidden('ben', SCANNER);
    const reply = await ask('POST', `/s/${of('ben').token}/done`, SCANNER);
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('This was not counted');
    expect(reply.body).toContain(`href="/s/${of('ben').token}"`);
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('that says it fetched all with the Data Mover does not count either', async () => {
    await followHidden('ben', SCANNER);
    const base = `/api/v1/shares/${of('ben').token}/downloads`;
    const started = JSON.parse((await ask('POST', base, SCANNER)).body) as { id: string };
    const report = JSON.stringify({ whole: true, files: 2, bytes: 3 });
    const json = { 'content-type': 'application/json' };
    expect((await ask('POST', `${base}/${started.id}/complete`, { ...SCANNER, ...json }, report)).status).toBe(204);
    const found = await get('ben');
    expect(found.accessedAt).toBeNull();
    expect(found.events.at(-1)).toMatchObject({ phase: 'completed', counts: false, scanner: true });
  });

  it('takes nothing back that a person said, when it says the same a moment later', async () => {
    expect((await ask('POST', `/s/${of('gus').token}/done`, PERSON)).status).toBe(204);
    const said = (await get('gus')).doneAt;
    expect(said).not.toBeNull();
    await ask('POST', `/s/${of('gus').token}/done`, SCANNER);
    await followHidden('gus', SCANNER);
    expect((await get('gus')).doneAt).toBe(said);
  });

  it('changes nothing that a person said, whatever it says before it follows the hidden link', async () => {
    const say = async (client: Record<string, string>, ...words: string[]): Promise<void> => {
      for (const word of words) await ask('POST', `/s/${of('kim').token}/${word}`, client);
    };
    await say(PERSON, 'direct', 'not-received');
    await say(SCANNER, 'received', 'done', 'direct', 'not-received');
    await followHidden('kim', SCANNER);
    expect(await get('kim')).toMatchObject({ state: 'open', accessedAt: null, doneAt: null });

    await say(PERSON, 'received', 'done');
    const before = await get('kim');
    const other = { 'user-agent': 'another scanner' };
    await say(other, 'not-received', 'undone', 'received', 'not-received', 'done', 'undone');
    await followHidden('kim', other);
    expect(await get('kim')).toMatchObject({ state: 'accessed', accessedAt: before.accessedAt, doneAt: before.doneAt });
    expect(before.doneAt).not.toBeNull();
  });

  it('does not choose the language of coming mails, and a person does', async () => {
    const choose = (client: Record<string, string>, language: string): Promise<Reply> =>
      ask(
        'POST',
        `/s/${of('lee').token}/language`,
        { ...client, 'content-type': 'application/x-www-form-urlencoded' },
        `language=${language}`,
      );
    const language = async (): Promise<string | undefined> =>
      /<html lang="([\w-]+)"/.exec((await ask('GET', `/s/${of('lee').token}`, PERSON)).body)?.[1];
    const client = { 'user-agent': 'presses every button in every language' };
    await followHidden('lee', client);
    expect((await choose(client, 'fr')).status).toBe(200);
    expect(await language()).toBe('en');
    expect((await choose(PERSON, 'de')).status).toBe(204);
    expect(await language()).toBe('de');
  });

  it('that starts a download and says that it did not work has fetched nothing', async () => {
    for (const word of ['direct', 'not-received']) await ask('POST', `/s/${of('lee').token}/${word}`, SCANNER);
    await followHidden('lee', SCANNER);
    expect(await get('lee')).toMatchObject({ state: 'open', accessedAt: null, methods: { direct: null } });
  });

  it('is doubted, and counts, when it opens many links together', async () => {
    const client = { 'user-agent': 'opens many' };
    for (const name of ['dora', 'eve', 'fay', 'gus']) await ask('GET', `/s/${of(name).token}`, client);
    await direct('hal', client);
    expect((await get('hal')).events.at(-1)).toMatchObject({ counts: true, doubts: ['many-links-together'] });
  });
});

describe('an overrule', () => {
  it('takes away and gives back what an event counts, either way, as often as it is said', async () => {
    await direct('dora', PERSON);
    const event = (await get('dora')).events.at(-1);
    const first = (await get('dora')).accessedAt;
    expect(await isDue('dora')).toBe(false);
    const away = await overrule('dora', event?.id, false, 'It was the gateway of dora@example.org');
    expect(away).toMatchObject({ state: 'open', accessedAt: null, methods: { direct: null } });
    expect(away.events.at(-1)).toMatchObject({
      counts: false,
      overruled: { by: 'admin', note: 'It was the gateway of dora@example.org' },
    });
    expect(await isDue('dora')).toBe(true);
    const back = await overrule('dora', event?.id, true);
    expect(back).toMatchObject({ state: 'accessed', accessedAt: first });
    expect(await isDue('dora')).toBe(false);
    const changes = await program.admin.expect<{ items: { action: string; before: unknown; after: unknown }[] }>(
      200,
      'GET',
      `/api/v1/admin/audit?subject=${of('dora').id}`,
    );
    expect(changes.items.filter(({ action }) => action === 'access.overruled')).toMatchObject([
      { before: { counts: false }, after: { counts: true, eventId: event?.id } },
      { before: { counts: true }, after: { counts: false, eventId: event?.id } },
    ]);
    const { rows } = await database.query<{ found: string }>(
      `select e::text || coalesce(o::text, '') as found
         from access_event e left join access_overrule o on o.event_id = e.id where e.delivery_id = $1`,
      [of('dora').id],
    );
    expect(rows.map(({ found }) => found).join()).not.toContain('example.org');
  });

  it('lets a person count who was taken for a scanner, and the operator is told then', async () => {
    await followHidden('eve', PERSON);
    await direct('eve', PERSON);
    const scanned = (await get('eve')).events.at(-1);
    expect(scanned).toMatchObject({ counts: false, scanner: true });
    const told = async (): Promise<number> =>
      (await program.mailbox.to('ops@example.org')).filter(({ subject }) => subject.includes('eve@example.org')).length;
    expect(await told()).toBe(0);
    expect(await overrule('eve', scanned?.id, true)).toMatchObject({ state: 'accessed' });
    await until('the operator being told', async () => ((await told()) === 1 ? true : undefined));
  });

  it('moves other deliveries of the upload to the same person too', async () => {
    const { id } = await program.admin.expect<{ id: string }>(
      201,
      'POST',
      `/api/v1/admin/uploads/${dispatched.uploadId}/deliveries`,
      { recipient: 'fay@example.org' },
    );
    const again = await until('the reshared link’s mail', async () => {
      const found = await program.admin.expect<Delivery & { dispatchedAt: string | null }>(
        200,
        'GET',
        `/api/v1/admin/deliveries/${id}`,
      );
      return found.dispatchedAt === null ? undefined : found;
    });
    expect(again.accessedAt).toBeNull();
    const report = { method: 'copy', phase: 'completed' };
    const { events } = await program.admin.expect<Delivery>(
      200,
      'POST',
      `/api/v1/admin/deliveries/${id}/access`,
      report,
    );
    expect((await get('fay')).state).toBe('accessed');
    dispatched.deliveries['fay again'] = { ...of('fay'), id };
    await overrule('fay again', events.at(-1)?.id, false);
    expect((await get('fay')).state).toBe('open');
    await overrule('fay again', events.at(-1)?.id, true);
    expect((await get('fay')).state).toBe('accessed');
  });

  it('is refused for what is never access, for what is not there, and without the key', async () => {
    await ask('GET', `/s/${of('gus').token}`, PERSON);
    const viewed = (await get('gus')).events.at(-1)?.id ?? '';
    const path = (delivery: string, event: string): string =>
      `/api/v1/admin/deliveries/${delivery}/events/${event}/overrule`;
    const call = (delivery: string, event: string, body: unknown = { counts: true }) =>
      program.admin.call('POST', path(delivery, event), body);
    expect((await call(of('gus').id, viewed)).status).toBe(422);
    expect((await call(of('dora').id, viewed)).status).toBe(404);
    expect((await call(of('gus').id, 'none')).status).toBe(404);
    expect((await call('none', viewed)).status).toBe(404);
    expect((await call(of('gus').id, viewed, {})).status).toBe(422);
    expect((await ask('POST', path(of('gus').id, viewed), {})).status).toBe(401);
    expect((await get('gus')).accessedAt).toBeNull();
  });
});

describe(`${CLIENTS} clients at once`, () => {
  it('on one link that nobody has used: each attempt is answered and recorded while the chain is held, and sealed afterwards', async () => {
    const holder = new pg.Client({ connectionString: program.endpoints.database });
    await holder.connect();
    await holder.query('begin');
    await until('the chain’s head, to hold it', async () => {
      const head = 'select 1 from chain_head where chain = $1 for update';
      return (await holder.query(head, [dispatched.platformId])).rowCount === 1 ? true : undefined;
    });
    const unsealed = async (): Promise<number> => {
      const { rows } = await database.query<{ count: string }>(
        `select count(*) from access_event e
          where e.delivery_id = $1 and not exists (select 1 from chain_seal s where s.entry_id = e.id)`,
        [of('joe').id],
      );
      return Number(rows[0]?.count);
    };
    try {
      const before = (await get('joe')).events.length;
      const each = Array.from({ length: CLIENTS }, (_, index) => ({ 'user-agent': `client ${index}` }));
      const viewed = await Promise.all(each.map((client) => ask('GET', `/s/${of('joe').token}`, client)));
      const attempted = await Promise.all(each.map((client) => direct('joe', client)));
      const said = await Promise.all(each.map((client) => ask('POST', `/s/${of('joe').token}/done`, client)));
      expect([viewed, attempted, said].map((replies) => [...new Set(replies.map(({ status }) => status))])).toEqual([
        [200],
        [303],
        [204],
      ]);
      const made = (await get('joe')).events.slice(before);
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
    program.admin.expect<Verified>(
      200,
      'GET',
      `/api/v1/admin/audit/verify${chain === undefined ? '' : `?chain=${chain}`}`,
    );
  const command = (...args: string[]): Promise<Finished> =>
    runCommand('src/admin/command-line/verify-chains.js', args, { DATABASE_URL: program.endpoints.database });
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
        { chain: dispatched.platformId, platform: 'Microscopy', ok: true, problems: [] },
      ],
    });
    expect(found.chains[1]?.sealed).toBeGreaterThanOrEqual(1);
    expect(await verify(dispatched.platformId)).toMatchObject({ ok: true, chains: [{ chain: dispatched.platformId }] });
    const { code, stdout } = await command();
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^ok {3}chain=administration sealed=\d+ waiting=0 head=\d+:[0-9a-f]{64}$/) as unknown,
      expect.stringMatching(
        /^ok {3}chain=[0-9a-f-]{36} sealed=\d+ waiting=0 head=\d+:[0-9a-f]{64} "Microscopy"$/,
      ) as unknown,
    ]);
    expect((await program.admin.call('GET', '/api/v1/admin/audit/verify?chain=x')).status).toBe(422);
    expect((await program.admin.call('GET', `/api/v1/admin/audit/verify?chain=${of('ada').id}`)).status).toBe(404);
  });

  it('tell their heads, and how far they are in the metrics', async () => {
    const { chains } = await settled();
    const { items } = await program.admin.expect<{ items: { chain: string; sequence: number; sha256: string }[] }>(
      200,
      'GET',
      '/api/v1/admin/audit/chains',
    );
    expect(items.map(({ chain, sequence }) => [chain, sequence])).toEqual(
      expect.arrayContaining(chains.map(({ chain, sealed }) => [chain, sealed])),
    );
    const metrics = (await ask('GET', '/metrics', {})).body;
    expect(metrics).toContain(`dispatch_chain_sealed{chain="${dispatched.platformId}"} ${chains[1]?.sealed ?? ''}`);
    expect(metrics).toContain('dispatch_chain_waiting 0');
  });

  it('show what was changed, and what was cut off, against an output that was kept', async () => {
    await settled();
    const kept = join(freshFolder(), 'heads.txt');
    writeFileSync(kept, (await command()).stdout);
    expect((await command('--against', kept)).code).toBe(0);
    const { rows } = await database.query<{ id: string; sequence: string }>(
      `select e.id, s.sequence from access_event e join chain_seal s on s.entry_id = e.id
        where e.delivery_id = $1 and e.phase = 'attempted' order by s.sequence limit 1`,
      [of('ida').id],
    );
    const [event] = rows;
    await database.query('set session_replication_role = replica');
    await database.query('update access_event set counts = false where id = $1', [event?.id]);
    const changed = await command('--chain', dispatched.platformId);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain('FAIL ');
    expect(changed.stdout).toContain(`changed: seal ${event?.sequence ?? ''}, entry ${event?.id ?? ''}`);
    expect(await verify()).toMatchObject({ ok: false, chains: [{ ok: true }, { ok: false }] });
    await database.query('update access_event set counts = true where id = $1', [event?.id]);
    expect((await command()).code).toBe(0);

    const tables = ['chain_seal', 'chain_head', 'audit_entry'];
    for (const table of tables) {
      const which = table === 'audit_entry' ? 'true' : `chain = 'administration'`;
      await database.query(`create table cut_${table} as select * from ${table} where ${which}`);
      await database.query(`delete from ${table} where ${which}`);
    }
    const unnoticed = await command();
    const cut = await command('--against', kept);
    for (const table of tables) await database.query(`insert into ${table} select * from cut_${table}`);
    await database.query('set session_replication_role = default');
    expect(unnoticed.code).toBe(0);
    expect(cut.code).toBe(1);
    expect(cut.stdout).toContain('known-head-missing');
    expect((await command('--against', kept)).code).toBe(0);
    const wrong = await command('--against', join(program.dataDir, 'admin-key'));
    expect([
      wrong.code,
      wrong.stderr.includes(readFileSync(join(program.dataDir, 'admin-key'), 'utf8').trim()),
    ]).toEqual([2, false]);
    expect((await command('--chain', of('ada').id)).code).toBe(2);
  });
});
