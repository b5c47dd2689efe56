// Scanners and people behind one address, and what administrators make of it, on a real server.

import { describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/dispatched.js';
import { until } from '../support/wait.js';
import { type Delivery, linksTo, PERSON, SCANNER } from './links.js';

const shared = linksTo('ida', 'ada', 'ben', 'cem', 'dora', 'eve', 'fay', 'gus', 'hal', 'kim', 'lee');

describe('a scanner', () => {
  it('that follows the page’s hidden link and presses every button stops no reminder, and a person does', async () => {
    const page = await shared.ask('GET', `/s/${shared.of('ada').token}`, SCANNER);
    const links = [...page.body.matchAll(/href="(\/s\/[^"]+)"/g)].map(([, path = '']) => path);
    const forms = [...page.body.matchAll(/action="(\/s\/[^"?]+)["?]/g)].map(([, path = '']) => path);
    expect(links.some((path) => path.endsWith('/not-for-people'))).toBe(true);
    expect(forms.map((path) => path.slice(path.lastIndexOf('/')))).toEqual(
      expect.arrayContaining(['/direct', '/done']),
    );
    // All at once, as scanners do: in whatever order they come.
    await Promise.all([
      ...forms.map((path) => shared.ask('POST', path, SCANNER)),
      ...links.map((path) => shared.ask('GET', path, SCANNER)),
    ]);
    const scanned = await shared.get('ada');
    expect(scanned).toMatchObject({ state: 'open', accessedAt: null, doneAt: null });
    expect(scanned.events.filter(({ counts }) => counts)).toEqual([]);
    expect(scanned.events.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['attempted', 'done', 'viewed']));
    expect(await shared.isDue('ada')).toBe(true);

    await shared.direct('ada', PERSON);
    const accessed = await shared.get('ada');
    expect(accessed.state).toBe('accessed');
    expect(accessed.events.at(-1)).toMatchObject({ phase: 'attempted', counts: true, client: 'browser', doubts: [] });
    expect(await shared.isDue('ada')).toBe(false);
  });

  it('on one link is no proof against a person with the same program on another, but a doubt', async () => {
    await shared.followHidden('ben', SCANNER);
    await shared.direct('cem', SCANNER);
    expect((await shared.get('cem')).events.at(-1)).toMatchObject({
      counts: true,
      doubts: ['scanner-on-another-link'],
    });
  });

  it('is told that its word was not taken, with the way back', async () => {
    await shared.followHidden('ben', SCANNER);
    const reply = await shared.ask('POST', `/s/${shared.of('ben').token}/done`, SCANNER);
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('This was not counted');
    expect(reply.body).toContain(`href="/s/${shared.of('ben').token}"`);
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('that says it fetched all with the Data Mover does not count either', async () => {
    await shared.followHidden('ben', SCANNER);
    const base = `/api/v1/shares/${shared.of('ben').token}/downloads`;
    const started = JSON.parse((await shared.ask('POST', base, SCANNER)).body) as { id: string };
    const report = JSON.stringify({ whole: true, files: 2, bytes: 3 });
    const json = { 'content-type': 'application/json' };
    expect((await shared.ask('POST', `${base}/${started.id}/complete`, { ...SCANNER, ...json }, report)).status).toBe(
      204,
    );
    const found = await shared.get('ben');
    expect(found.accessedAt).toBeNull();
    expect(found.events.at(-1)).toMatchObject({ phase: 'completed', counts: false, scanner: true });
  });

  it('takes nothing back that a person said, when it says the same a moment later', async () => {
    expect((await shared.ask('POST', `/s/${shared.of('gus').token}/done`, PERSON)).status).toBe(204);
    const said = (await shared.get('gus')).doneAt;
    expect(said).not.toBeNull();
    await shared.ask('POST', `/s/${shared.of('gus').token}/done`, SCANNER);
    await shared.followHidden('gus', SCANNER);
    expect((await shared.get('gus')).doneAt).toBe(said);
  });

  it('changes nothing that a person said, whatever it says before it follows the hidden link', async () => {
    const say = async (client: Record<string, string>, ...words: string[]): Promise<void> => {
      for (const word of words) await shared.ask('POST', `/s/${shared.of('kim').token}/${word}`, client);
    };
    await say(PERSON, 'direct', 'not-received');
    await say(SCANNER, 'received', 'done', 'direct', 'not-received');
    await shared.followHidden('kim', SCANNER);
    expect(await shared.get('kim')).toMatchObject({ state: 'open', accessedAt: null, doneAt: null });

    await say(PERSON, 'received', 'done');
    const before = await shared.get('kim');
    const other = { 'user-agent': 'another scanner' };
    await say(other, 'not-received', 'undone', 'received', 'not-received', 'done', 'undone');
    await shared.followHidden('kim', other);
    expect(await shared.get('kim')).toMatchObject({
      state: 'accessed',
      accessedAt: before.accessedAt,
      doneAt: before.doneAt,
    });
    expect(before.doneAt).not.toBeNull();
  });

  it('does not choose the language of coming mails, and a person does', async () => {
    const choose = (client: Record<string, string>, language: string): Promise<Reply> =>
      shared.ask(
        'POST',
        `/s/${shared.of('lee').token}/language`,
        { ...client, 'content-type': 'application/x-www-form-urlencoded' },
        `language=${language}`,
      );
    const language = async (): Promise<string | undefined> =>
      /<html lang="([\w-]+)"/.exec((await shared.ask('GET', `/s/${shared.of('lee').token}`, PERSON)).body)?.[1];
    const client = { 'user-agent': 'presses every button in every language' };
    await shared.followHidden('lee', client);
    expect((await choose(client, 'fr')).status).toBe(200);
    expect(await language()).toBe('en');
    expect((await choose(PERSON, 'de')).status).toBe(204);
    expect(await language()).toBe('de');
  });

  it('that starts a download and says that it did not work has fetched nothing', async () => {
    for (const word of ['direct', 'not-received'])
      await shared.ask('POST', `/s/${shared.of('lee').token}/${word}`, SCANNER);
    await shared.followHidden('lee', SCANNER);
    expect(await shared.get('lee')).toMatchObject({ state: 'open', accessedAt: null, methods: { direct: null } });
  });

  it('is doubted, and counts, when it opens many links together', async () => {
    const client = { 'user-agent': 'opens many' };
    for (const name of ['dora', 'eve', 'fay', 'gus']) await shared.ask('GET', `/s/${shared.of(name).token}`, client);
    await shared.direct('hal', client);
    expect((await shared.get('hal')).events.at(-1)).toMatchObject({ counts: true, doubts: ['many-links-together'] });
  });
});

describe('an overrule', () => {
  it('takes away and gives back what an event counts, either way, as often as it is said', async () => {
    await shared.direct('dora', PERSON);
    const event = (await shared.get('dora')).events.at(-1);
    const first = (await shared.get('dora')).accessedAt;
    expect(await shared.isDue('dora')).toBe(false);
    const away = await shared.overrule('dora', event?.id, false, 'It was the gateway of dora@example.org');
    expect(away).toMatchObject({ state: 'open', accessedAt: null, methods: { direct: null } });
    expect(away.events.at(-1)).toMatchObject({
      counts: false,
      overruled: { by: 'admin', note: 'It was the gateway of dora@example.org' },
    });
    expect(await shared.isDue('dora')).toBe(true);
    const back = await shared.overrule('dora', event?.id, true);
    expect(back).toMatchObject({ state: 'accessed', accessedAt: first });
    expect(await shared.isDue('dora')).toBe(false);
    const changes = await shared.program.admin.expect<{ items: { action: string; before: unknown; after: unknown }[] }>(
      200,
      'GET',
      `/api/v1/admin/audit?subject=${shared.of('dora').id}`,
    );
    expect(changes.items.filter(({ action }) => action === 'access.overruled')).toMatchObject([
      { before: { counts: false }, after: { counts: true, eventId: event?.id } },
      { before: { counts: true }, after: { counts: false, eventId: event?.id } },
    ]);
    const { rows } = await shared.database.query<{ found: string }>(
      `select e::text || coalesce(o::text, '') as found
         from access_event e left join access_overrule o on o.event_id = e.id where e.delivery_id = $1`,
      [shared.of('dora').id],
    );
    expect(rows.map(({ found }) => found).join()).not.toContain('example.org');
  });

  it('lets a person count who was taken for a scanner, and the operator is told then', async () => {
    await shared.followHidden('eve', PERSON);
    await shared.direct('eve', PERSON);
    const scanned = (await shared.get('eve')).events.at(-1);
    expect(scanned).toMatchObject({ counts: false, scanner: true });
    const told = async (): Promise<number> =>
      (await shared.program.mailbox.to('ops@example.org')).filter(({ subject }) => subject.includes('eve@example.org'))
        .length;
    expect(await told()).toBe(0);
    expect(await shared.overrule('eve', scanned?.id, true)).toMatchObject({ state: 'accessed' });
    await until('the operator being told', async () => ((await told()) === 1 ? true : undefined));
  });

  it('moves other deliveries of the upload to the same person too', async () => {
    const { id } = await shared.program.admin.expect<{ id: string }>(
      201,
      'POST',
      `/api/v1/admin/uploads/${shared.dispatched.uploadId}/deliveries`,
      { recipient: 'fay@example.org' },
    );
    const again = await until('the reshared link’s mail', async () => {
      const found = await shared.program.admin.expect<Delivery & { dispatchedAt: string | null }>(
        200,
        'GET',
        `/api/v1/admin/deliveries/${id}`,
      );
      return found.dispatchedAt === null ? undefined : found;
    });
    expect(again.accessedAt).toBeNull();
    const report = { method: 'copy', phase: 'completed' };
    const { events } = await shared.program.admin.expect<Delivery>(
      200,
      'POST',
      `/api/v1/admin/deliveries/${id}/access`,
      report,
    );
    expect((await shared.get('fay')).state).toBe('accessed');
    shared.dispatched.deliveries['fay again'] = { ...shared.of('fay'), id };
    await shared.overrule('fay again', events.at(-1)?.id, false);
    expect((await shared.get('fay')).state).toBe('open');
    await shared.overrule('fay again', events.at(-1)?.id, true);
    expect((await shared.get('fay')).state).toBe('accessed');
  });

  it('is refused for what is never access, for what is not there, and without the key', async () => {
    await shared.ask('GET', `/s/${shared.of('gus').token}`, PERSON);
    const viewed = (await shared.get('gus')).events.at(-1)?.id ?? '';
    const path = (delivery: string, event: string): string =>
      `/api/v1/admin/deliveries/${delivery}/events/${event}/overrule`;
    const call = (delivery: string, event: string, body: unknown = { counts: true }) =>
      shared.program.admin.call('POST', path(delivery, event), body);
    expect((await call(shared.of('gus').id, viewed)).status).toBe(422);
    expect((await call(shared.of('dora').id, viewed)).status).toBe(404);
    expect((await call(shared.of('gus').id, 'none')).status).toBe(404);
    expect((await call('none', viewed)).status).toBe(404);
    expect((await call(shared.of('gus').id, viewed, {})).status).toBe(422);
    expect((await shared.ask('POST', path(shared.of('gus').id, viewed), {})).status).toBe(401);
    expect((await shared.get('gus')).accessedAt).toBeNull();
  });
});
