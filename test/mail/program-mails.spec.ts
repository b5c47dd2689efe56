// Mails as they leave the program, against a mail server that fails: who is told what, how reports of mails that did
// not arrive are taken, and that nothing typed reaches a header or becomes a link.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ParsedMail, simpleParser } from 'mailparser';
import ICAL from 'ical.js';
import { Program } from '../support/program.js';
import { SmtpScript, type TakenMail } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { dispatch, makeStage, type Stage } from './stage.js';

interface DeliveryView {
  id: string;
  recipient: string;
  state: string;
  expiresAt: string | null;
  undeliverableAt: string | null;
  reminders: { state: string; messageId: string; reason?: string }[];
}
interface BounceView {
  mailId: string;
  deliveryId: string | null;
  action: string;
  status: string;
  outcome: string;
}

let server: SmtpScript;
let program: Program;
let stage: Stage;

beforeAll(async () => {
  server = await SmtpScript.start();
  program = await Program.start({
    env: {
      SMTP_URL: server.url,
      MAIL_FROM: 'Dispatch <dispatch@dispatch.example>',
      BOUNCE_ADDRESS: 'bounce@dispatch.example',
      PUBLIC_URL: 'https://dispatch.example',
    },
  });
  stage = await makeStage(program);
});
afterAll(async () => {
  await program.stop();
  await server.close();
});
beforeEach(() => {
  server.at = () => undefined;
});

let people = 0;
/** A recipient that no other test writes to. */
const somebody = (): string => `person-${(people += 1)}@example.org`;

const mailTo = (recipient: string, messageId: RegExp): Promise<TakenMail> =>
  until(`a mail to ${recipient}`, () => server.to(recipient).find((mail) => messageId.test(mail.messageId)));
const parse = (mail: TakenMail): Promise<ParsedMail> =>
  simpleParser(Buffer.from(mail.raw, 'latin1'), { skipTextToHtml: true });

async function deliveryOf(uploadId: string, recipient: string): Promise<DeliveryView> {
  return until(`a delivery to ${recipient}`, async () => {
    const { deliveries } = await program.admin.expect<{ deliveries: { id: string; recipient: string }[] }>(
      200,
      'GET',
      `/api/v1/admin/uploads/${uploadId}`,
    );
    const found = deliveries.find((delivery) => delivery.recipient === recipient);
    return found && program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${found.id}`);
  });
}

/** Dispatches to one new person and waits for the mail. */
async function sent(fields: Record<string, unknown> = {}) {
  const recipient = somebody();
  const { uploadId } = await dispatch(stage, { recipients: [recipient], ...fields });
  const mail = await mailTo(recipient, /^<dispatch-/);
  const delivery = await until('the hand-over being recorded', async () => {
    const found = await deliveryOf(uploadId, recipient);
    return found.expiresAt === null ? undefined : found;
  });
  return { recipient, uploadId, mail, delivery };
}

const undeliverableMails = (recipient: string): TakenMail[] =>
  server
    .to('ops@example.org')
    .filter((mail) => mail.messageId.startsWith('<undeliverable-') && mail.raw.includes(recipient.split('@')[0] ?? ''));

async function remind(deliveryId: string): Promise<void> {
  await program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${deliveryId}/remind`, { confirm: true });
}

describe('a dispatch mail', () => {
  let raw: TakenMail;
  let mail: ParsedMail;
  let reminder: ParsedMail;
  let rawReminder: TakenMail;
  let id: string;

  beforeAll(async () => {
    server.at = () => undefined;
    const made = await sent({ note: 'Übersicht – see www.evil.example\nand https://evil.example', keywords: ['魚'] });
    raw = made.mail;
    mail = await parse(raw);
    id = made.delivery.id;
    await remind(id);
    rawReminder = await mailTo(made.recipient, /^<reminder-/);
    reminder = await parse(rawReminder);
  });

  it('is multipart/mixed of alternatives, text first, and a calendar entry', () => {
    const types = [...raw.raw.matchAll(/^Content-Type: ([\w/]+)/gim)].map(([, type]) => type);
    expect(types).toEqual(['multipart/mixed', 'multipart/alternative', 'text/plain', 'text/html', 'text/calendar']);
    expect(mail.text).toContain('Hello,');
    expect(mail.html).toContain('<p');
  });

  it('says who it is from, whom to answer, and that a program wrote it', () => {
    expect(mail.from?.value).toEqual([{ name: 'Microscopy', address: 'dispatch@dispatch.example' }]);
    expect(mail.replyTo?.value).toEqual([{ name: 'Microscopy desk', address: 'desk@example.org' }]);
    expect(mail.messageId).toBe(`<dispatch-${id}-0@dispatch.example>`);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.has('list')).toBe(false);
    expect(mail.date).toBeInstanceOf(Date);
  });

  it('has lines that no server breaks: 78 octets at most but for a header that cannot be folded, and ASCII alone', () => {
    for (const { raw: text } of [raw, rawReminder]) {
      expect(text).not.toMatch(/[^\t\r\n -~]/);
      for (const line of text.split('\r\n'))
        if (!/^(?:List-Unsubscribe:| ?<https:)/.test(line)) expect(line.length).toBeLessThanOrEqual(78);
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });

  const linksOf = (text: string): string[] => [...new Set(text.match(/https:\/\/dispatch\.example\/[\w/-]+/g) ?? [])];

  it('holds the same links in both parts, and none but its own', () => {
    expect(linksOf(mail.text ?? '')).toEqual(linksOf(mail.html || ''));
    const hrefs = [...(mail.html || '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(hrefs).toEqual([linksOf(mail.text ?? '')[0]]);
  });

  it('has the server’s name and the token on lines of their own, without a scheme', () => {
    const token = /\/s\/([\w-]+)/.exec(mail.text ?? '')?.[1] ?? '';
    const lines = (mail.text ?? '').split('\n');
    expect(lines).toContain('Server: dispatch.example');
    expect(lines).toContain(`Token: ${token}`);
  });

  it('says until when with date, time, zone and days left, in subject and body', () => {
    expect(mail.subject).toMatch(/until \w+day, \d+ \w+ \d{4} at \d\d:\d\d \(UTC\+1[01], Australia\/Melbourne\)/);
    expect(mail.text).toMatch(/Available until: .*\(UTC\+1[01], Australia\/Melbourne\): (?:30|29) days left/);
    expect(mail.text).toContain('At this size, the zip is the simplest.');
  });

  it('shows what was typed, escaped and as no link', () => {
    for (const text of [mail.text ?? '', mail.html || '']) {
      expect(text).not.toMatch(/www\.evil|evil\.example|https:\/\/evil/);
      expect(text.replaceAll('\u2060', '')).toContain('see www.evil.example');
    }
  });

  it('brings the reminder the same link, and its own to stop', () => {
    const [first] = linksOf(mail.text ?? '');
    const all = linksOf(reminder.text ?? '');
    expect(all).toContain(first);
    const stop = /https:\/\/dispatch\.example\/u\/[\w-]+/.exec(rawReminder.raw)?.[0];
    expect(rawReminder.raw.replace(/\r\n\s+/g, ' ')).toMatch(
      /^List-Unsubscribe: <https:\/\/dispatch\.example\/u\/[\w-]+>\r?$/m,
    );
    expect(rawReminder.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    expect(all).toContain(stop);
    expect(linksOf(reminder.text ?? '').sort()).toEqual(linksOf(reminder.html || '').sort());
  });

  const eventOf = (parsed: ParsedMail) => {
    const [attached] = parsed.attachments;
    expect(attached?.contentType).toBe('text/calendar');
    const component = new ICAL.Component(ICAL.parse(attached?.content.toString('utf8') ?? '') as unknown[]);
    return new ICAL.Event(component.getFirstSubcomponent('vevent') ?? undefined);
  };

  it('has a calendar entry for the end of the links, without the link', async () => {
    const event = eventOf(mail);
    const { expiresAt } = await program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${id}`);
    expect(event.startDate.toJSDate().getTime()).toBe(Math.floor(Date.parse(expiresAt ?? '') / 1_000) * 1_000);
    expect(event.uid).toBe(`delivery-${id}@dispatch.example`);
    expect(mail.attachments[0]?.content.toString()).not.toMatch(/https:|\/s\//);
  });

  it('is followed, after an extension, by an entry of the same event with a higher sequence', async () => {
    const before = eventOf(reminder);
    const { recipient } = await program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${id}`);
    const former = server.to(recipient).length;
    await program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${id}/extend`, { linkLifetime: 'P60D' });
    await remind(id);
    const later = eventOf(await parse(await until('the next reminder', () => server.to(recipient)[former])));
    expect([before.uid, before.sequence, later.sequence]).toEqual([later.uid, 0, 1]);
    expect(later.startDate.compare(before.startDate)).toBe(1);
  });
});

describe('an address that is refused for good', () => {
  it('makes the delivery undeliverable; the operator is told once and can correct it without a new upload', async () => {
    const [wrong, right] = [somebody(), somebody()];
    server.at = (step, { to }) => (step === 'RCPT' && to === wrong ? { reply: '550 5.1.1 No such user' } : undefined);
    const { uploadId } = await dispatch(stage, { recipients: [wrong] });
    await until('the operator being told', () => undeliverableMails(wrong)[0]);
    const delivery = await deliveryOf(uploadId, wrong);
    expect(delivery.undeliverableAt).not.toBeNull();
    await stage.instrument.api.expect(201, 'POST', `/api/v1/uploads/${uploadId}/deliveries`, { recipient: right });
    await mailTo(right, /^<dispatch-/);
    expect(undeliverableMails(wrong)).toHaveLength(1);
    expect(server.to(wrong)).toEqual([]);
  });

  it.each([
    ['relaying is refused', 'RCPT', '554 5.7.1 Relay access denied'],
    ['our sender is refused', 'MAIL', '550 5.7.1 Sender refused'],
  ] as const)('is not meant when %s: the mail goes when that is mended', async (_, at, reply) => {
    const recipient = somebody();
    let refusals = 0;
    server.at = (step, { to }) => {
      if (step !== at || (at === 'RCPT' && to !== recipient)) return undefined;
      refusals += 1;
      return { reply };
    };
    const { uploadId } = await dispatch(stage, { recipients: [recipient] });
    await until('a refusal', () => (refusals > 0 ? true : undefined));
    server.at = () => undefined;
    await mailTo(recipient, /^<dispatch-/);
    expect((await deliveryOf(uploadId, recipient)).undeliverableAt).toBeNull();
    expect(undeliverableMails(recipient)).toEqual([]);
  });
});

describe('reports of mails that did not arrive', () => {
  const report = (parts: { to?: string; action?: string; status?: string; returned?: string }) =>
    [
      `From: MAILER-DAEMON@mx.example`,
      `To: ${parts.to ?? 'dispatch@dispatch.example'}`,
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'I am sorry.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; somebody@example.org',
      `Action: ${parts.action ?? 'failed'}`,
      `Status: ${parts.status ?? '5.1.1'}`,
      'Diagnostic-Code: smtp; 550 5.1.1',
      ' No such user',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      parts.returned ?? 'Subject: something',
      '--b--',
      '',
    ].join('\r\n');

  async function post(body: string, type = 'message/rfc822', key = program.adminKey) {
    const reply = await fetch(`${program.endpoints.server}/api/v1/admin/bounces`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${key}`, ...(type === '' ? {} : { 'content-type': type }) },
    });
    return { status: reply.status, body: (await reply.json()) as BounceView & { detail: string } };
  }

  it('hard: found by the return address, the delivery is undeliverable, once, and never reminded again', async () => {
    const { recipient, delivery, mail } = await sent();
    expect(mail.from).toMatch(/^bounce\+[a-z2-7]{42}@dispatch\.example$/);
    const body = report({ to: mail.from.toUpperCase() });
    const [first, again, other] = [
      await post(body),
      await post(body),
      await post(report({ to: mail.from, status: '5.2.1' })),
    ];
    expect([first.status, again.status, other.status]).toEqual([200, 200, 200]);
    expect(first.body).toMatchObject({ deliveryId: delivery.id, action: 'failed', status: '5.1.1' });
    expect([first, again, other].map((answer) => answer.body.outcome)).toEqual([
      'undeliverable',
      'seen-before',
      'recorded',
    ]);
    await until('the operator being told', () => undeliverableMails(recipient)[0]);
    const refused = await program.admin.call('POST', `/api/v1/admin/deliveries/${delivery.id}/remind`, {
      confirm: true,
    });
    expect(refused.status).toBe(409);
    expect(undeliverableMails(recipient)).toHaveLength(1);
    const { items } = await program.admin.expect<{ items: { action: string; after: unknown }[] }>(
      200,
      'GET',
      `/api/v1/admin/audit?subject=${delivery.id}`,
    );
    expect(items.filter((item) => item.action === 'mail.bounced')).toHaveLength(2);
    expect(JSON.stringify(items)).not.toContain('@');
  });

  it('hard: of a reminder, found by the Message-ID that comes back', async () => {
    const { recipient, delivery } = await sent();
    await remind(delivery.id);
    const { messageId } = await mailTo(recipient, /^<reminder-/);
    const answer = await post(report({ returned: `Subject: x\r\nMessage-ID:\r\n ${messageId}` }));
    expect(answer.body).toMatchObject({ deliveryId: delivery.id, outcome: 'undeliverable' });
  });

  it.each([
    ['delayed', '4.4.1'],
    ['failed', '4.4.7'],
    ['delivered', '2.0.0'],
  ])('soft: %s with %s is recorded and changes nothing', async (action, status) => {
    const { delivery, mail } = await sent();
    const answer = await post(report({ to: mail.from, action, status }));
    expect(answer.body).toMatchObject({ outcome: 'recorded', action, status });
    const found = await program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${delivery.id}`);
    expect(found.undeliverableAt).toBeNull();
  });

  it('about a link that was renewed meanwhile say nothing of the new mail', async () => {
    const { recipient, delivery, mail } = await sent();
    await program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/extend`, { linkLifetime: 'PT1S' });
    await until('expiry', async () => {
      const found = await program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${delivery.id}`);
      return found.state === 'expired' ? true : undefined;
    });
    await program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/extend`, { linkLifetime: 'P1D' });
    await mailTo(recipient, /^<dispatch-[\w-]+-1@/);
    expect((await post(report({ to: mail.from }))).body.outcome).toBe('recorded');
  });

  it('forged or unknown are refused with the reason', async () => {
    const { mail, delivery } = await sent();
    const forged = mail.from.replace(
      /\+(.{30})(.)/,
      (_, start: string, letter: string) => `+${start}${letter === 'a' ? 'b' : 'a'}`,
    );
    const refused = [
      await post(report({ to: forged, returned: `Message-ID: ${mail.messageId}` })),
      await post(report({ returned: 'Message-ID: <nobody@nowhere.example>' })),
      await post(report({})),
    ];
    for (const { status, body } of refused) {
      expect(status).toBe(422);
      expect(body.detail).toMatch(/return address|names no mail/);
    }
    const found = await program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${delivery.id}`);
    expect(found.undeliverableAt).toBeNull();
  });

  it.each([
    ['an ordinary mail', 'From: a@b.org\r\n\r\nHello', 'message/rfc822'],
    ['an automatic answer', 'From: a@b.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.', 'message/rfc822'],
    ['a report without a recipient', report({ action: 'nonsense' }), 'message/rfc822'],
    ['JSON', '{"a": 1}', 'application/json'],
    ['JSON that is none', '{', 'application/json'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded'],
    ['lines', '{}\n', 'application/x-ndjson'],
    ['bytes', '\u0000\u0001\uffff', 'application/octet-stream'],
    ['nothing', '', 'message/rfc822'],
    [
      'parts in parts in parts',
      Array.from(
        { length: 5_000 },
        (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`,
      ).join(''),
      'message/rfc822',
    ],
    [
      'a hundred thousand parts',
      `Content-Type: multipart/report; boundary="b"\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(90_000)}`,
      'message/rfc822',
    ],
  ])('that are none are refused with the reason: %s', async (_, body, type) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(/report|mail|empty/);
  });

  it('too large are refused before they are read', async () => {
    expect((await post('x'.repeat(1_200_000))).status).toBe(413);
    expect((await post('x'.repeat(1_200_000), 'message/rfc822', 'not-the-key')).status).toBe(401);
  });
});

describe('texts of a platform', () => {
  const preview = (body: unknown) =>
    program.admin.call<{ subject: string; text: string; html: string; errors?: { path: string }[] }>(
      'POST',
      `/api/v1/admin/platforms/${stage.platformId}/mail-preview`,
      body,
    );
  const patch = (mail: unknown) =>
    program.admin.call<{ mail: unknown; warnings: string[]; errors?: { path: string; message: string }[] }>(
      'PATCH',
      `/api/v1/admin/platforms/${stage.platformId}`,
      { mail },
    );

  it('are previewed with sample data before they are kept, escaped and without links', async () => {
    const { status, body } = await preview({
      mail: {
        subject: '{platform}: {folder} until {until}',
        greeting: 'Dear <b>colleague</b>,\nplease read www.evil.example',
        signature: 'Desk & Co, {size}',
      },
    });
    expect(status).toBe(200);
    expect(body.subject).toMatch(/^Microscopy: 2026-03-01_09\.00\.00-1-1-sample until .*Australia\/Melbourne\)$/);
    expect(body.html).toContain('Dear &lt;b>colleague');
    expect(body.html).toContain('Desk &amp; Co, 3.2 GB');
    for (const text of [body.text, body.html]) expect(text).not.toContain('www.evil');
    const { body: kept } = await preview({});
    expect(kept.text).toContain('Hello,');
  });

  it('are in the mails once they are kept, field by field, and can be given up again', async () => {
    expect((await patch({ greeting: { en: 'Dear colleague,' } })).body.mail).toEqual({
      subject: null,
      greeting: { en: 'Dear colleague,' },
      signature: null,
    });
    const changed = await patch({ subject: 'Your data', signature: 'See you,\nthe desk of {platform}' });
    expect(changed.body.warnings.join(' ')).toContain('{until}');
    const mail = await parse((await sent()).mail);
    expect(mail.subject).toBe('Your data');
    expect(mail.text).toContain('Dear colleague,');
    expect(mail.text).toContain('See you,\nthe desk of Microscopy');
    expect(mail.html).toContain('See you,\nthe desk of Microscopy');
    await patch({ subject: null, greeting: null, signature: null });
    expect((await parse((await sent()).mail)).text).toContain('Hello,');
  });

  it.each([
    ['subject', 'a\r\nBcc: x@evil.example'],
    ['subject', 'a\nb'],
    ['subject', 'a\u2028b'],
    ['subject', 'a\u202eb'],
    ['subject', '{name}'],
    ['subject', ''],
    ['greeting', 'a\u0000b'],
    ['greeting', '{token}'],
    ['signature', '{folder'],
    ['signature', 'x'.repeat(1_001)],
  ])('%s cannot be %j', async (field, text) => {
    for (const value of [text, { en: text }]) {
      const answer = await patch({ [field]: value });
      expect(answer.status).toBe(422);
      expect(answer.body.errors?.[0]?.path).toContain(`mail.${field}`);
    }
  });
});

describe('nothing typed begins a header', () => {
  const injection = 'x\r\nBcc: evil@evil.example';

  it.each([
    ['PATCH', 'platform', () => `/api/v1/admin/platforms/${stage.platformId}`, { name: injection }],
    [
      'PATCH',
      'contact',
      () => `/api/v1/admin/platforms/${stage.platformId}`,
      { contact: { name: injection, email: 'a@b.org' } },
    ],
    [
      'PATCH',
      'contact’s address',
      () => `/api/v1/admin/platforms/${stage.platformId}`,
      { contact: { name: 'x', email: `a@b.org\r\nBcc: e@e.org` } },
    ],
  ])('%s of a %s is refused', async (method, _, path, body) => {
    expect((await program.admin.call(method, path(), body)).status).toBe(422);
  });

  it.each([
    ['operator', { operator: { name: injection, email: 'op@example.org' } }],
    ['folder', { name: injection }],
    ['keyword', { keywords: [injection] }],
    ['recipient', { recipients: [`a@b.org\r\nBcc: e@e.org`] }],
  ])('an upload with such a %s is refused', async (_, fields) => {
    const answer = await stage.instrument.api.call('POST', '/api/v1/uploads', {
      recipients: ['a@example.org'],
      youngestFileTime: '2020-08-18T08:20:37Z',
      ...fields,
    });
    expect(answer.status).toBe(422);
  });
});

describe('mails to operators, and logs', () => {
  it('hold no link and no token, whatever was typed', async () => {
    const { mail, recipient } = await sent({
      note: 'https://evil.example',
      name: 'www.evil.example',
      operator: { name: 'Rob https://evil.example www.evil.example', email: 'rob@example.org' },
    });
    const text = (await parse(mail)).text ?? '';
    const token = /\/s\/([\w-]+)/.exec(text)?.[1] ?? '';
    expect(token).not.toBe('');
    await fetch(`${program.endpoints.server}/s/${token}/direct`, { method: 'POST', redirect: 'manual' });
    await until('the notice of an access', () =>
      server
        .to('ops@example.org')
        .find((one) => one.messageId.startsWith('<accessed-') && one.raw.includes(recipient.split('@')[0] ?? '')),
    );
    const kinds = new Set<string>();
    for (const one of server.to('ops@example.org')) {
      kinds.add(/^<([a-z-]+?)-[0-9a-f]{8}/.exec(one.messageId)?.[1] ?? '');
      const parsed = await parse(one);
      for (const part of [parsed.text ?? '', parsed.html || '']) {
        expect(part).not.toMatch(/https?:|www\.|\/s\/|\/u\/|<a\b|evil\.example/);
        expect(part).not.toContain(token);
      }
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['accessed', 'undeliverable', 'upload-complete']));
    expect(program.output).not.toContain(token);
    expect(program.output).not.toMatch(/\/[su]\/[\w-]{20,}|person-\d+@|ops@example/);
  });
});
