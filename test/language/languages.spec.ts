// Which language pages and mails speak, and how it is chosen. Which of them are complete, src/language says.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { platformWith } from '../support/api.js';
import { writeSampleTree } from '../support/files.js';
import { writeSettings } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { dataMover } from '../support/program.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';
import { factsOf, LANGUAGES } from '../../src/language/index.js';

const stage = stageOf();
let link: string;
let uploadId: string;
const work = freshFolder();

beforeAll(async () => {
  writeSampleTree(join(work, 'in'));
  await writeSettings(stage.program, join(work, 'settings.xml'));
  const args = ['upload', '--settings', join(work, 'settings.xml'), '--to', 'ada@example.org', join(work, 'in')];
  expect((await dataMover(args, join(work, 'state'))).code).toBe(0);
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
  const { items } = await stage.program.admin.expect<{ items: { id: string }[] }>(200, 'GET', '/api/v1/admin/uploads');
  uploadId = items[0]?.id ?? '';
});

const languageOf = async (address: string): Promise<unknown> =>
  (await stage.database.query<{ language: string | null }>('select language from person where address = $1', [address]))
    .rows[0]?.language;
const choose = (body: string): Promise<Response> =>
  fetch(`${link}/language`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    redirect: 'manual',
  });

describe('the language of a person', () => {
  it('is not changed by opening pages, whatever they or the browser ask for', async () => {
    for (const address of [`${link}?lang=en`, link, `${link}?lang=tlh`]) {
      const reply = await fetch(address, { headers: { 'accept-language': 'en' } });
      expect(reply.status).toBe(200);
      expect(await reply.text()).toContain('<html lang="en">');
    }
    expect(await languageOf('ada@example.org')).toBeNull();
  });

  it('is remembered when it is chosen on the page, and recorded', async () => {
    const reply = await choose('language=en');
    expect(reply.status).toBe(303);
    expect(new URL(reply.headers.get('location') ?? '', link).href).toBe(link);
    expect(await languageOf('ada@example.org')).toBe('en');
    const audit = await stage.database.query(`select actor from audit_entry where action = 'person.language'`);
    expect(audit.rows).toHaveLength(1);
    expect((await choose('language=en')).status).toBe(303);
    expect(
      (await stage.database.query(`select 1 from audit_entry where action = 'person.language'`)).rows,
    ).toHaveLength(1);
  });

  it.each(['language=tlh', 'language=', '', 'language=en&language=tlh'])(
    'stays when what is chosen is none: %j',
    async (body) => {
      const before = await languageOf('ada@example.org');
      const reply = await choose(body);
      expect(reply.status).toBe(422);
      expect(await languageOf('ada@example.org')).toBe(before);
    },
  );

  it('cannot be chosen with a link that is not known', async () => {
    const reply = await fetch(`${stage.server}/s/unknown/language`, {
      method: 'POST',
      body: 'language=en',
    });
    expect(reply.status).toBe(404);
  });

  it('is set and taken back by an administrator, also before the first delivery', async () => {
    const set = (language: string | null) =>
      stage.program.admin.call<{ language: string | null }>('PATCH', '/api/v1/admin/persons', {
        address: 'Grace@Example.ORG',
        language,
      });
    expect((await set('en')).body).toMatchObject({ address: 'Grace@example.org', language: 'en' });
    expect(await languageOf('Grace@example.org')).toBe('en');
    expect((await set('tlh')).status).toBe(422);
    expect(await languageOf('Grace@example.org')).toBe('en');
    expect((await set(null)).status).toBe(200);
    expect(await languageOf('Grace@example.org')).toBeNull();
  });

  it('can be given with a reshare', async () => {
    const path = `/api/v1/admin/uploads/${uploadId}/deliveries`;
    await stage.program.admin.expect(201, 'POST', path, { recipient: 'hedy@example.org' });
    expect(await languageOf('hedy@example.org')).toBeNull();
    await stage.program.admin.expect(201, 'POST', path, { recipient: 'hedy@example.org', language: 'en' });
    expect(await languageOf('hedy@example.org')).toBe('en');
    expect((await stage.program.admin.call('POST', path, { recipient: 'x@example.org', language: 'tlh' })).status).toBe(
      422,
    );
  });
});

it('of a platform is one that is supported', async () => {
  const post = (language: string) =>
    stage.program.admin.call<{ language: string }>('POST', '/api/v1/admin/platforms', platformWith({ language }));
  expect((await post('en')).body.language).toBe('en');
  expect((await post('tlh')).status).toBe(422);
});

it('is kept by the addresses on a page where it was asked for', async () => {
  const asked = await (await fetch(`${link}?lang=en`)).text();
  expect(asked).toMatch(/action="[^"]+\/done\?lang=en"/);
  const plain = await (await fetch(link)).text();
  expect(plain).toMatch(/action="[^"]+\/done"/);
  expect(plain).not.toMatch(/(?:action|href)="\/[^"]*\?lang=/);
});

describe.each([...LANGUAGES])('%s, which is registered,', (language) => {
  const { tag } = factsOf(language);

  it('is what a page speaks when it is asked for or the browser names it', async () => {
    await stage.database.query(`update person set language = null`);
    expect(await (await fetch(`${link}?lang=${language}`)).text()).toContain(`<html lang="${tag}">`);
    const headers = { 'accept-language': `tlh, ${tag};q=0.9` };
    expect(await (await fetch(link, { headers })).text()).toContain(`<html lang="${tag}">`);
    const unknown = await fetch(`${stage.server}/s/unknown-${language}`, { headers });
    expect(await unknown.text()).toContain(`<html lang="${tag}">`);
    expect(await (await fetch(`${stage.server}/data-mover/`, { headers })).text()).toContain(`<html lang="${tag}">`);
  });

  it('is offered for coming mails on a page that shows it, where they would be in another', async () => {
    await stage.database.query(`update person set language = null`);
    const offers = async () => (await (await fetch(`${link}?lang=${language}`)).text()).includes(`value="${language}"`);
    expect(await offers()).toBe(language !== 'en');
    expect((await choose(`language=${language}`)).status).toBe(303);
    expect(await languageOf('ada@example.org')).toBe(language);
    expect(await offers()).toBe(false);
  });

  it('is what mails are written in to a person who chose it, and their page shows', async () => {
    const recipient = `reader-${language}@example.org`;
    await stage.program.admin.expect(201, 'POST', `/api/v1/admin/uploads/${uploadId}/deliveries`, {
      recipient,
      language,
    });
    const mail = await stage.program.mailbox.next(recipient, /./);
    expect(mail.html).toContain(`<html lang="${tag}">`);
    const page = await fetch(linkIn(mail), { headers: { 'accept-language': 'en' } });
    expect(await page.text()).toContain(`<html lang="${tag}">`);
  });
});

it('of a mail whose column names a language that is no longer supported is English, not a lost mail', async () => {
  await stage.database.query(`update person set language = 'tlh' where address = 'ada@example.org'`);
  await stage.program.admin.expect(201, 'POST', `/api/v1/admin/uploads/${uploadId}/deliveries`, {
    recipient: 'ada@example.org',
  });
  const mails = await until('the second dispatch mail', async () => {
    const found = await stage.program.mailbox.to('ada@example.org');
    return found.length > 1 ? found : undefined;
  });
  for (const mail of mails) expect(mail.html).toContain('<html lang="en">');
});
