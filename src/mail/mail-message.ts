// A composed mail as the bytes that go over the wire: alternatives in text and HTML, and a calendar entry where there is
// one. Quoted-printable and base64 keep every line below 78 octets, so that no server has to break one and with it a
// signature (DKIM) or a link.

import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { ComposedMail } from './mail-kinds.js';

export interface Sender {
  name: string;
  address: string;
}

export interface Addressed {
  from: Sender;
  /** An address. */
  to: string;
  /** With its angle brackets. */
  messageId: string;
  date: Date;
}

export function mailMessage(mail: ComposedMail, { from, to, messageId, date }: Addressed): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: oneLine(mail.fromName ?? from.name), address: from.address },
    to: { name: '', address: to },
    ...(mail.replyTo && isForAllServers(mail.replyTo.address)
      ? { replyTo: { name: oneLine(mail.replyTo.name), address: mail.replyTo.address } }
      : {}),
    subject: oneLine(mail.subject),
    date,
    messageId,
    text: mail.text,
    html: mail.html,
    textEncoding: 'quoted-printable',
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...Object.fromEntries(Object.entries(mail.headers ?? {}).map(([name, value]) => [name, oneLine(value)])),
    },
    ...(mail.calendar === undefined ? {} : { attachments: [calendarPart(mail.calendar)] }),
  });
  return composer.compile().build();
}

/** Other letters before the @ have no form that a server without SMTPUTF8 (RFC 6531) takes; a domain has one. */
const isForAllServers = (address: string): boolean => /^[!-~]+$/.test(address.slice(0, address.lastIndexOf('@')));

const calendarPart = (content: string) => ({
  filename: 'available-until.ics',
  content: Buffer.from(content),
  contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
  contentTransferEncoding: 'base64' as const,
});

/** No value can begin a header of its own. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** `Name <address>`, or an address. */
export function parseSender(text: string): Sender {
  const match = /^(.*)<([^<>]+)>\s*$/.exec(text);
  return match
    ? { name: (match[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), address: (match[2] ?? '').trim() }
    : { name: '', address: text.trim() };
}
