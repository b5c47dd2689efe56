// The whole journey, errors on purpose included, with every secret known: none is found in logs, in the database, in the
// queue, in mails to operators, or in what administrators, operators and strangers are answered; and nothing that one of
// two recipients is given leads to the other.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEOPLE } from './conversation.js';
import { Journey } from './journey.js';
import { leaksIn, type Text } from './secrets.js';
import { CONTACT, Stage } from './stage.js';
import { Trouble } from './trouble.js';
import { WrongRequests } from './wrong-requests.js';
import { PLACES_OF_ADDRESSES } from './written-rows.js';

let stage: Stage;
let journey: Journey;

beforeAll(async () => {
  stage = await Stage.open();
  journey = new Journey(stage);
  await journey.upload();
  await journey.fetchAs('anna');
  await journey.fetchAs('bertrand');
  await journey.afterwards();
  const wrong = new WrongRequests(journey);
  const trouble = new Trouble(journey);
  await wrong.send();
  await wrong.sendBroken();
  await trouble.databaseFaults();
  await trouble.mailFaults();
  await trouble.mediafluxFaults();
  await journey.learnLinks();
  await journey.look();
});
afterAll(() => stage.close());

const given = (...whom: string[]): Text[] => whom.flatMap((who) => journey.given.get(who) ?? []);
const everything = () => stage.secrets.all;
const tokens = () => stage.secrets.of('link', 'credential', 'password', 'key');

it('knows the secrets of every kind that the journey makes', () => {
  const labels = new Map<string, number>();
  for (const { label } of everything()) labels.set(label, (labels.get(label) ?? 0) + 1);
  expect([...labels.keys()]).toEqual(
    expect.arrayContaining([
      'a Mediaflux session',
      'a Mediaflux token',
      'a zip link',
      'a link of anna',
      'an unsubscribe link of bertrand',
    ]),
  );
  // Of two uploads, and the one that more time gave.
  expect(labels.get('a link of emil')).toBe(3);
  expect(labels.get('a Mediaflux token') ?? 0).toBeGreaterThan(8);
});

describe('no token, password or address', () => {
  it('is in the logs of the server and of its PostgreSQL, at their most talkative', async () => {
    const logs = await stage.logs();
    expect(logs[0]?.text).toContain('"level":"error"');
    expect(logs[1]?.text).toContain('no_more');
    expect(leaksIn(logs, everything())).toEqual([]);
  });

  it('is in the Data Mover’s log files or output', () => {
    const state = join(stage.work, 'state');
    const logs = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
    expect(logs.length).toBeGreaterThan(2);
    const texts = logs.map((name) => ({ where: name, text: readFileSync(join(state, name), 'utf8') }));
    expect(leaksIn([...texts, ...given('data-mover')], everything())).toEqual([]);
  });

  it('was ever in the database or its queue, but for addresses in their one table and a platform’s contact', async () => {
    const places = await stage.rows.placesWritten();
    expect(places).toEqual(expect.arrayContaining(['public.person', 'public.delivery_link', 'public.mail_outbox']));
    expect(places.some((place) => place.startsWith('bullmq.'))).toBe(true);
    const values = await stage.rows.values();
    expect(leaksIn(values, tokens())).toEqual([]);
    const elsewhere = values.filter(({ where }) => !PLACES_OF_ADDRESSES.includes(where));
    expect(leaksIn(elsewhere, stage.secrets.of('address'))).toEqual([]);
    expect(elsewhere.filter(({ text }) => text.includes(CONTACT)).map(({ where }) => where)).toEqual([]);
  });
});

describe('no token or password', () => {
  it('is in a mail to an operator', async () => {
    const mails = await stage.mailsTo([PEOPLE.ops, PEOPLE.operator, 'facility@example.org']);
    expect(mails.filter(({ where }) => where.endsWith('source')).length).toBeGreaterThan(4);
    expect(leaksIn(mails, tokens())).toEqual([]);
    for (const { text } of mails) expect(text).not.toMatch(/\/[su]\/[\w-]{16}/);
  });

  it('is in what administrators and operators are answered, errors included', () => {
    expect(given('administrator').length + given('operator').length).toBeGreaterThan(50);
    expect(leaksIn(given('administrator', 'operator'), tokens())).toEqual([]);
  });

  it('is in what strangers are answered, and no address either', () => {
    expect(given('anybody').length).toBeGreaterThan(10);
    expect(leaksIn(given('anybody'), everything())).toEqual([]);
  });
});

describe('an end user', () => {
  it.each(['anna', 'bertrand', 'emil'])(
    '%s is given nothing that belongs to somebody else, errors included',
    async (name) => {
      const own = [...given(name), ...(await stage.mailsTo([PEOPLE[name as keyof typeof PEOPLE]]))];
      expect(own.length).toBeGreaterThan(5);
      const others = stage.secrets.ofOthersThan(name).filter(({ label }) => !label.endsWith(' of operator'));
      expect(leaksIn(own, others)).toEqual([]);
      expect(leaksIn(own, stage.secrets.of('password', 'key'))).toEqual([]);
    },
  );

  it.each(['anna', 'bertrand'])('%s finds nothing of somebody else in what the Data Mover fetched', (name) => {
    const out = join(stage.work, `out-${name}`);
    expect(existsSync(join(out, 'readme.txt')) || existsSync(join(out, 'a.txt'))).toBe(true);
    const texts = readdirSync(out, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const place = join(entry.parentPath, entry.name);
      return [
        { where: 'a name', text: place.slice(out.length) },
        ...(entry.isFile() ? [{ where: entry.name, text: readFileSync(place, 'latin1') }] : []),
      ];
    });
    expect(
      leaksIn(texts, [...stage.secrets.ofOthersThan(name), ...stage.secrets.of('address', 'password', 'key')]),
    ).toEqual([]);
  });
});

it('every page tells browsers to pass no address on', () => {
  const pages = ['anna', 'bertrand', 'emil', 'anybody']
    .flatMap((who) => given(who))
    .filter(({ text }) => /^content-type: text\/html/im.test(text));
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.filter(({ text }) => !/^referrer-policy: no-referrer$/im.test(text)).map(({ where }) => where)).toEqual(
    [],
  );
});
