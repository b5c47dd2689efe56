// Mails as they leave the program: what they hold, in a platform's own words too, and that nothing typed reaches a
// header or becomes a link.

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ParsedMail } from 'mailparser';
import ICAL from 'ical.js';
import { Api } from '../support/api.js';
import type { TakenMail } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { type DeliveryView, mailedProgram, parse } from './mailed-program.js';
import { dispatch } from './stage.js';

const mailed = mailedProgram();

describe('a dispatch mail', () => {
  let raw: TakenMail;
  let mail: ParsedMail;
  let reminder: ParsedMail;
  let rawReminder: TakenMail;
  let id: string;

  beforeAll(async () => {
    mailed.server.at = () => undefined;
    const made = await mailed.sent({
      note: 'Übersicht – see www.evil.example\nand https://evil.example',
      keywords: ['魚'],
    });
    raw = made.mail;
    mail = await parse(raw);
    id = made.delivery.id;
    await mailed.remind(id);
    rawReminder = await mailed.mailTo(made.recipient, /^<reminder-/);
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

  it('gives the commands that the page gives, which say the same on every system', () => {
    const link = linksOf(mail.text ?? '')[0] ?? '';
    const lines = (mail.text ?? '').split('\n').map((line) => line.trim());
    const folder = lines.find((line) => line.startsWith('Data: '))?.slice('Data: '.length) ?? '';
    expect(lines).toContain(`node data-mover.cjs download ${link} ${folder}`);
    expect(lines).toContain(`curl -L -d browser=false ${link}/direct -o ${folder}.zip`);
    expect(mail.text).toMatch(/The page says how to get it/);
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
    const { expiresAt } = await mailed.program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${id}`);
    expect(event.startDate.toJSDate().getTime()).toBe(Math.floor(Date.parse(expiresAt ?? '') / 1_000) * 1_000);
    expect(event.uid).toBe(`delivery-${id}@dispatch.example`);
    expect(mail.attachments[0]?.content.toString()).not.toMatch(/https:|\/s\//);
  });

  it('is followed, after an extension, by an entry of the same event with a higher sequence', async () => {
    const before = eventOf(reminder);
    const { recipient } = await mailed.program.admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${id}`);
    const former = mailed.server.to(recipient).length;
    await mailed.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${id}/extend`, { linkLifetime: 'P60D' });
    await mailed.remind(id);
    const later = eventOf(await parse(await until('the next reminder', () => mailed.server.to(recipient)[former])));
    expect([before.uid, before.sequence, later.sequence]).toEqual([later.uid, 0, 1]);
    expect(later.startDate.compare(before.startDate)).toBe(1);
  });
});

describe('the mail to the operator about an access', () => {
  const told = (recipient: string) =>
    until('the operator being told', () =>
      mailed.server
        .to('ops@example.org')
        .find((one) => one.messageId.startsWith('<accessed-') && one.raw.includes(recipient.split('@')[0] ?? '')),
    );
  const fetchPart = async (mail: TakenMail, complete: Record<string, unknown>) => {
    const token = /\/s\/([\w-]+)/.exec((await parse(mail)).text ?? '')?.[1] ?? '';
    const api = new Api(mailed.program.endpoints.server);
    const path = `/api/v1/shares/${token}/downloads`;
    const { id } = await api.expect<{ id: string }>(201, 'POST', path);
    await api.expect(204, 'POST', `${path}/${id}/complete`, complete);
  };

  it('says of a part that it is one, and how much of it there is', async () => {
    const recipient = mailed.somebody();
    await dispatch(mailed.stage, { recipients: [recipient] }, { 'a.bin': 'some data', 'b.bin': 'more' });
    await fetchPart(await mailed.mailTo(recipient, /^<dispatch-/), { whole: false, paths: ['a.bin'] });
    const { subject, text } = await parse(await told(recipient));
    expect(subject).toContain(`${recipient} has downloaded part of `);
    expect(text).toContain(`${recipient} has downloaded 1 of 2 files with the Data Mover.`);
  });

  it('says of all that it is all, also where the part that was chosen was all', async () => {
    for (const complete of [
      { whole: true, files: 1, bytes: 9 },
      { whole: false, paths: ['a.bin'] },
    ]) {
      const { recipient, mail } = await mailed.sent();
      await fetchPart(mail, complete);
      const { subject, text } = await parse(await told(recipient));
      expect(subject).toMatch(/ has downloaded (?!part)/);
      expect(text).toContain(`${recipient} has downloaded the data with the Data Mover.`);
    }
  });
});

describe('texts of a platform', () => {
  const preview = (body: unknown) =>
    mailed.program.admin.call<{ subject: string; text: string; html: string; errors?: { path: string }[] }>(
      'POST',
      `/api/v1/admin/platforms/${mailed.stage.platformId}/mail-preview`,
      body,
    );
  const patch = (mail: unknown) =>
    mailed.program.admin.call<{ mail: unknown; warnings: string[]; errors?: { path: string; message: string }[] }>(
      'PATCH',
      `/api/v1/admin/platforms/${mailed.stage.platformId}`,
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
    const mail = await parse((await mailed.sent()).mail);
    expect(mail.subject).toBe('Your data');
    expect(mail.text).toContain('Dear colleague,');
    expect(mail.text).toContain('See you,\nthe desk of Microscopy');
    expect(mail.html).toContain('See you,\nthe desk of Microscopy');
    await patch({ subject: null, greeting: null, signature: null });
    expect((await parse((await mailed.sent()).mail)).text).toContain('Hello,');
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
    ['PATCH', 'platform', () => `/api/v1/admin/platforms/${mailed.stage.platformId}`, { name: injection }],
    [
      'PATCH',
      'contact',
      () => `/api/v1/admin/platforms/${mailed.stage.platformId}`,
      { contact: { name: injection, email: 'a@b.org' } },
    ],
    [
      'PATCH',
      'contact’s address',
      () => `/api/v1/admin/platforms/${mailed.stage.platformId}`,
      { contact: { name: 'x', email: `a@b.org\r\nBcc: e@e.org` } },
    ],
  ])('%s of a %s is refused', async (method, _, path, body) => {
    expect((await mailed.program.admin.call(method, path(), body)).status).toBe(422);
  });

  it.each([
    ['operator', { operator: { name: injection, email: 'op@example.org' } }],
    ['folder', { name: injection }],
    ['keyword', { keywords: [injection] }],
    ['recipient', { recipients: [`a@b.org\r\nBcc: e@e.org`] }],
  ])('an upload with such a %s is refused', async (_, fields) => {
    const answer = await mailed.stage.instrument.api.call('POST', '/api/v1/uploads', {
      recipients: ['a@example.org'],
      youngestFileTime: '2020-08-18T08:20:37Z',
      ...fields,
    });
    expect(answer.status).toBe(422);
  });
});

describe('mails to operators, and logs', () => {
  it('hold no link and no token, whatever was typed', async () => {
    await mailed.refused();
    const { mail, recipient } = await mailed.sent({
      note: 'https://evil.example',
      name: 'www.evil.example',
      operator: { name: 'Rob https://evil.example www.evil.example', email: 'rob@example.org' },
    });
    const text = (await parse(mail)).text ?? '';
    const token = /\/s\/([\w-]+)/.exec(text)?.[1] ?? '';
    expect(token).not.toBe('');
    await fetch(`${mailed.program.endpoints.server}/s/${token}/direct`, { method: 'POST', redirect: 'manual' });
    await until('the notice of an access', () =>
      mailed.server
        .to('ops@example.org')
        .find((one) => one.messageId.startsWith('<accessed-') && one.raw.includes(recipient.split('@')[0] ?? '')),
    );
    const kinds = new Set<string>();
    for (const one of mailed.server.to('ops@example.org')) {
      kinds.add(/^<([a-z-]+?)-[0-9a-f]{8}/.exec(one.messageId)?.[1] ?? '');
      const parsed = await parse(one);
      for (const part of [parsed.text ?? '', parsed.html || '']) {
        expect(part).not.toMatch(/https?:|www\.|\/s\/|\/u\/|<a\b|evil\.example/);
        expect(part).not.toContain(token);
      }
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['accessed', 'undeliverable', 'upload-complete']));
    expect(mailed.program.output).not.toContain(token);
    expect(mailed.program.output).not.toMatch(/\/[su]\/[\w-]{20,}|person-\d+@|ops@example/);
  });
});
