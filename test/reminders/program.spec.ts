// Reminders through the program as administrators and recipients meet them: what is shown before a run, runs by hand one
// beside the other, what operators are told, what counts and figures say, and the link that stops them.

import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type DeliveryView, mailedProgram, parse } from '../mail/mailed-program.js';
import { dispatch } from '../mail/stage.js';
import { Instrument, makePlatform, makeShareable } from '../support/instrument.js';
import { until } from '../support/wait.js';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

interface Preview {
  slot: string | null;
  due: Page<{ deliveryId: string; recipient: string; goesAt: string; last: boolean }>;
  notDue: Page<{ deliveryId: string; reason: string }>;
}

interface Run {
  id: string;
  state: string;
  trigger: string;
  policyVersion: number;
  reminders: Record<string, number>;
  noticeTo: string | null;
  warnings: string[];
}

interface Ledger {
  deliveryId: string;
  recipient: string;
  state: string;
  reason: string | null;
}

const mailed = mailedProgram();
const operator = 'reminder-ops@example.org';
const REMINDERS = {
  enabled: false,
  schedule: '0 0 1 1 *',
  minimumAge: 'PT1S',
  minimumSpacing: 'PT1H',
  operatorNotice: 'shareable',
};
const NAMES = ['ada', 'bo', 'cy', 'di'] as const;
let platformId: string;
let ids: Record<(typeof NAMES)[number], string>;
const addressOf = (name: string): string => `${name}@reminded.example.org`;

const admin = <T>(status: number, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  mailed.program.admin.expect<T>(status, method, `/api/v1/admin/${path}`, body, headers);
const preview = (query = ''): Promise<Preview> =>
  admin<Preview>(200, 'GET', `platforms/${platformId}/reminders/preview${query}`);
const delivery = (id: string): Promise<DeliveryView & { optedOutAt: string | null }> =>
  admin(200, 'GET', `deliveries/${id}`);
const runOf = (id: string): Promise<Run> => admin<Run>(200, 'GET', `reminder-runs/${id}`);
const ended = (id: string): Promise<Run> =>
  until('the run to finish', async () => {
    const run = await runOf(id);
    return run.state === 'finished' ? run : undefined;
  });
const remindersTo = (name: string) =>
  mailed.server
    .to(addressOf(name))
    .filter(({ messageId, isAcknowledged }) => isAcknowledged && /^<reminder-/.test(messageId));

beforeAll(async () => {
  const { program, stage } = mailed;
  platformId = await makePlatform(program, { reminders: REMINDERS });
  const { token } = await makeShareable(program, platformId, { notify: [operator] });
  const ours = { ...stage, platformId, instrument: new Instrument(program.endpoints.server, token) };
  const { uploadId } = await dispatch(ours, { recipients: NAMES.map(addressOf) });
  const found = await Promise.all(
    NAMES.map((name) =>
      until('the hand-over being recorded', async () => {
        const one = await mailed.deliveryOf(uploadId, addressOf(name));
        return one.expiresAt === null ? undefined : ([name, one.id] as const);
      }),
    ),
  );
  ids = Object.fromEntries(found) as typeof ids;
  const first = await mailed.mailTo(addressOf('cy'), /^<dispatch-/);
  const link = /https:\/\/dispatch\.example(\/s\/[\w-]+)/.exec((await parse(first)).text ?? '')?.[1] ?? '';
  const direct = await fetch(`${program.endpoints.server}${link}/direct`, { method: 'POST', redirect: 'manual' });
  if (direct.status !== 303) throw new Error(`The direct download answered ${direct.status}.`);
  await until('all being old enough', async () => ((await preview()).due.items.length === 3 ? true : undefined));
});

describe('before a run', () => {
  it('the preview tells who is due and who is not, now, before and later, also with reminders off', async () => {
    const now = await preview();
    expect(now.due.items.map(({ recipient }) => recipient).sort()).toEqual(['ada', 'bo', 'di'].map(addressOf));
    expect(now.notDue.items).toEqual([{ deliveryId: ids.cy, reason: 'accessed' }]);
    const { expiresAt } = await delivery(ids.ada);
    const [before, after] = [
      await preview('?at=2020-01-01T00:00:00Z'),
      await preview('?at=2100-01-01T00:00:00%2B01:00'),
    ];
    expect(new Set(before.notDue.items.map(({ reason }) => reason))).toEqual(new Set(['not-sent']));
    expect(new Set(after.notDue.items.map(({ reason }) => reason))).toEqual(new Set(['expired']));
    expect([before.due.items, after.due.items]).toEqual([[], []]);
    // A second before the end it is due, and the last.
    const end = new Date(Date.parse(expiresAt ?? '') - 1_000).toISOString();
    const last = (await preview(`?at=${end}`)).due.items.find(({ deliveryId }) => deliveryId === ids.ada);
    expect([last?.last, new Date(last?.goesAt ?? '').toISOString()]).toEqual([true, end]);
  });

  it('the preview pages', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { due }: Preview = await preview(`?limit=1${query}`);
      expect(due.items.length).toBeLessThanOrEqual(1);
      seen.push(...due.items.map(({ deliveryId }) => deliveryId));
      cursor = due.nextCursor;
    }
    expect(seen.sort()).toEqual([ids.ada, ids.bo, ids.di].sort());
    await admin(422, 'GET', `platforms/${platformId}/reminders/preview?at=tomorrow`);
  });
});

describe('a run by hand beside another', () => {
  let older: Run;
  let newer: Run;

  beforeAll(async () => {
    const start = (key: string) =>
      admin<Run>(201, 'POST', `platforms/${platformId}/reminder-runs`, undefined, { 'idempotency-key': key });
    // The mail server puts two off while the first run sends, and takes one of them never.
    let isOpen = false;
    mailed.server.at = (step, { to }) => {
      if (step !== 'RCPT' || !/^(?:bo|di)@reminded/.test(to)) return undefined;
      if (to === addressOf('di')) return { reply: '550 5.1.1 No such user' };
      return isOpen ? undefined : { reply: '451 4.7.1 Greylisted' };
    };
    older = await start('first');
    await until('two of three having ended', async () => {
      const { reminders } = await runOf(older.id);
      return reminders['sent'] === 1 && reminders['failed'] === 1 ? true : undefined;
    });
    expect((await start('first')).id).toBe(older.id);
    newer = await start('second');
    await ended(older.id);
    isOpen = true;
    await ended(newer.id);
  });

  const ledger = async (run: Run): Promise<Record<string, string>> => {
    const { items } = await admin<Page<Ledger>>(200, 'GET', `reminder-runs/${run.id}/reminders`);
    return Object.fromEntries(
      items.map((one): [string, string] => [
        one.recipient.split('@')[0] ?? '',
        `${one.state} ${one.reason ?? ''}`.trim(),
      ]),
    );
  };

  it('takes the place of what the other has not sent, and everybody is reminded once', async () => {
    expect(newer.id).not.toBe(older.id);
    expect(await ledger(older)).toEqual({
      ada: 'sent',
      bo: 'skipped newer-run',
      di: 'failed the mail server answered 550 5.1.1 to RCPT TO',
    });
    expect(await ledger(newer)).toEqual({ bo: 'sent' });
    expect(NAMES.map((name) => remindersTo(name).length)).toEqual([1, 1, 0, 0]);
  });

  it('shows which policy it ran under, its counts, and whom it told; with reminders off, that they are', async () => {
    expect(older.warnings.join()).toContain('are off');
    const { items } = await admin<Page<Run>>(200, 'GET', `platforms/${platformId}/reminder-runs`);
    const shown = { trigger: 'by-hand', state: 'finished', policyVersion: 1, noticeTo: 'shareable' };
    expect(items).toMatchObject([
      { ...shown, id: newer.id, reminders: { sent: 1 } },
      { ...shown, id: older.id, reminders: { sent: 1, failed: 1, skipped: 1 } },
    ]);
    await admin(404, 'GET', `reminder-runs/${platformId}`);
  });

  it('each tells the operators once, without a link', async () => {
    const notices = await until('both notices', () => {
      const found = mailed.server.to(operator).filter(({ messageId }) => messageId.startsWith('<reminder-notice-'));
      return found.length >= 2 ? found : undefined;
    });
    const texts = await Promise.all(notices.map(async (mail) => (await parse(mail)).text ?? ''));
    const [ofOlder = '', ofNewer = ''] = [older, newer].map((run) =>
      texts.find((_, index) => notices[index]?.messageId.includes(run.id)),
    );
    expect(ofOlder).toContain(': 1 sent, 1 not sent, 0 unconfirmed.');
    expect(ofOlder).toContain('the mail server refused the address (550 5.1.1)');
    expect(ofOlder).toContain('- a newer run took its place: 1');
    expect(ofNewer).toContain(`- ${addressOf('bo')}: `);
    for (const text of texts) expect(text).not.toMatch(/https?:|\/[su]\//);
  });

  it('is in figures, metrics and views, which agree', async () => {
    const figures = await admin<Record<string, unknown>>(200, 'GET', `platforms/${platformId}/reminders/figures`);
    expect(figures).toMatchObject({
      runs: { finished: 2 },
      due: 4,
      sent: 2,
      failed: 1,
      unknown: 0,
      pending: 0,
      skipped: { 'newer-run': 1 },
      unreminded: { deliveries: 4, accessed: 1 },
      reminded: [{ nth: 1, sent: 2, accessed: 0 }],
    });
    const metrics = await (await fetch(`${mailed.program.endpoints.server}/metrics`)).text();
    for (const line of [
      `dispatch_reminders{state="sent",platform="${platformId}"} 2`,
      `dispatch_reminders{state="failed",platform="${platformId}"} 1`,
      `dispatch_reminder_runs{state="finished",platform="${platformId}"} 2`,
      `dispatch_reminders_skipped{reason="newer-run",platform="${platformId}"} 1`,
      `dispatch_reminders_followed{within="not",platform="${platformId}"} 2`,
    ])
      expect(metrics).toContain(line);
    const database = new pg.Client({ connectionString: mailed.program.endpoints.database });
    await database.connect();
    try {
      const { rows } = await database.query<Record<string, string>>(
        `select sum(due) as due, sum(sent) as sent, sum(failed) as failed, sum(skipped) as skipped
           from reminder_run_figures where platform_id = $1`,
        [platformId],
      );
      expect(rows).toEqual([{ due: '4', sent: '2', failed: '1', skipped: '1' }]);
    } finally {
      await database.end();
    }
  });
});

describe('one reminder by hand', () => {
  const path = (name: (typeof NAMES)[number]): string => `deliveries/${ids[name]}/remind`;

  it('asks for a confirmation, is known as confirmed afterwards, and is one for one key', async () => {
    const before = remindersTo('cy').length;
    const refused = await admin<{ detail: string }>(409, 'POST', path('cy'), {});
    expect(refused.detail).toContain('not to be reminded: accessed. Send {"confirm": true}');
    for (const _ of [1, 2]) await admin(200, 'POST', path('cy'), { confirm: true }, { 'idempotency-key': 'once' });
    const { reminders } = await until('the reminder being recorded', async () => {
      const found = await delivery(ids.cy);
      return found.reminders.some(({ state }) => state === 'sent') ? found : undefined;
    });
    expect(reminders).toMatchObject([{ state: 'sent', reason: 'confirmed' }]);
    expect(remindersTo('cy').length - before).toBe(1);
    await admin(409, 'POST', path('di'), { confirm: true });
    await admin(422, 'POST', path('cy'), { force: true });
    await admin(404, 'POST', `deliveries/${platformId}/remind`, {});
  });
});

describe('the link that stops reminders', () => {
  let address: string;
  const call = (method: string, path = '', body?: string, type = 'application/x-www-form-urlencoded') =>
    fetch(`${address}${path}`, { method, ...(body === undefined ? {} : { body, headers: { 'content-type': type } }) });
  const isStopped = async (): Promise<boolean> => (await delivery(ids.ada)).optedOutAt !== null;

  beforeAll(async () => {
    const [mail] = remindersTo('ada');
    const headers = (mail?.raw.split('\r\n\r\n')[0] ?? '').replace(/\r\n\s+/g, ' ');
    expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    const path = /^List-Unsubscribe: <https:\/\/dispatch\.example(\/u\/[\w-]+)>\r?$/m.exec(headers)?.[1] ?? '';
    address = `${mailed.program.endpoints.server}${path}`;
  });

  it('changes nothing when it is opened, by whatever looks', async () => {
    for (const method of ['GET', 'HEAD', 'GET']) expect((await call(method)).status).toBe(200);
    expect(await isStopped()).toBe(false);
  });

  it.each([
    ['a mail program', 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'],
    ['a mail program that sends parts', '--x\r\n\r\n--x--', 'multipart/form-data; boundary=x'],
    ['the page’s button', undefined, ''],
  ])('stops them when it is posted to by %s, and is undone', async (_, body, type) => {
    expect((await call('POST', '', body, type)).status).toBe(200);
    expect(await isStopped()).toBe(true);
    const { notDue } = await preview();
    expect(notDue.items).toContainEqual({ deliveryId: ids.ada, reason: 'opted-out' });
    await admin(409, 'POST', `deliveries/${ids.ada}/remind`, { confirm: true });
    expect((await call('POST', '/undo')).status).toBe(200);
    expect(await isStopped()).toBe(false);
  });

  it('opens no data, and the link to the data does not stop reminders', async () => {
    const token = address.slice(address.lastIndexOf('/') + 1);
    const { server } = mailed.program.endpoints;
    expect((await fetch(`${server}/s/${token}`)).status).toBe(404);
    expect((await fetch(`${server}/api/v1/shares/${token}`)).status).toBe(404);
  });
});

it('a reminder by hand in quiet hours waits for their end, and tells when that is', async () => {
  const { timeZone } = await admin<{ timeZone: string }>(200, 'GET', `platforms/${platformId}`);
  const HOUR = 3_600_000;
  const time = (inHours: number): string =>
    new Date(Date.now() + inHours * HOUR).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  await admin(200, 'PATCH', `platforms/${platformId}`, {
    reminders: { quietHours: { from: time(-1), to: time(2) } },
  });
  const before = remindersTo('bo').length;
  const { reminders } = await admin<DeliveryView>(200, 'POST', `deliveries/${ids.bo}/remind`, { confirm: true });
  const waits = Date.parse(reminders.at(-1)?.goesAt ?? '') - Date.now();
  expect(reminders.at(-1)).toMatchObject({ state: 'pending' });
  expect([waits > 0.9 * HOUR, waits < 3.1 * HOUR]).toEqual([true, true]);
  expect(remindersTo('bo')).toHaveLength(before);
});
