// Reads a report of a mail server that a mail did not arrive (RFC 3464, RFC 6533), as it comes: hostile, large, odd, passed
// on by somebody, or something else.

import { createHash } from 'node:crypto';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { fieldsOf, type RecipientStatus, recipientsIn } from './bounce-report.rules.js';

export const LARGEST_REPORT_BYTES = 1024 * 1024;

export interface BounceReport {
  /** Addresses that the report was sent to, and that the returned mail says it came from. */
  addresses: string[];
  /** Of the returned mail, with its angle brackets. */
  messageId: string | undefined;
  /** At least one. */
  recipients: RecipientStatus[];
  sha256: Buffer;
}

export type ReadReport = BounceReport | { refused: string };

export async function readBounceReport(raw: Buffer): Promise<ReadReport> {
  if (raw.length === 0) return { refused: 'The body is empty; send the report as it came, as message/rfc822.' };
  if (raw.length > LARGEST_REPORT_BYTES)
    return { refused: `The body is larger than ${LARGEST_REPORT_BYTES} bytes; no delivery report is.` };
  const mails = await withThoseInside(raw);
  if (mails.length === 0) return { refused: 'The body is no mail that can be read.' };
  const report = mails.find((mail) => partIn(mail, STATUS) !== undefined);
  const status = report && partIn(report, STATUS);
  if (!status) return { refused: 'The mail is no delivery report (RFC 3464): it has no part message/delivery-status.' };
  const { recipients, messageId } = recipientsIn(status.content.toString('utf8'));
  if (recipients.length === 0)
    return { refused: 'The delivery report names no recipient with an action and a status.' };
  const returned = partIn(report, RETURNED);
  const headers = returned ? fieldsOf(returned.content.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '') : [];
  return {
    addresses: [
      ...mails.flatMap(headerAddresses),
      ...headers.filter(([name]) => name === 'return-path').map(([, value]) => value),
    ],
    messageId:
      headers.flatMap(([name, value]) => (name === 'message-id' ? (/<[^<>\s]+>/.exec(value) ?? []) : []))[0] ??
      messageId,
    recipients,
    sha256: createHash('sha256').update(raw).digest(),
  };
}

const STATUS = /^message\/(?:global-)?delivery-status$/;
const RETURNED =
  /^(?:message\/rfc822|message\/global|text\/rfc822-headers|message\/rfc822-headers|message\/global-headers)$/;

const partIn = (mail: ParsedMail, type: RegExp): Attachment | undefined =>
  mail.attachments.find((part) => type.test(part.contentType));

/** The mail, and where it is no report the mails that are attached to it: people pass reports on. */
async function withThoseInside(raw: Buffer): Promise<ParsedMail[]> {
  const outer = await parse(raw);
  if (!outer) return [];
  if (partIn(outer, STATUS)) return [outer];
  const attached = outer.attachments
    .filter(({ contentType }) => contentType === 'message/rfc822')
    .slice(0, MOST_INSIDE);
  const inner = await Promise.all(attached.map(({ content }) => parse(content)));
  return [outer, ...inner.filter((mail) => mail !== undefined)];
}

const MOST_INSIDE = 5;

async function parse(raw: Buffer): Promise<ParsedMail | undefined> {
  try {
    return await simpleParser(withoutPostmark(raw), {
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
      maxHtmlLengthToParse: 0,
      // A returned mail is a part of the report, also where it is to be shown in it.
      ignoreEmbedded: true,
    });
  } catch {
    // Whatever its parser cannot take: too many parts, too deep, an encoding that is none.
    return undefined;
  }
}

/** A mail server that hands a mail to a command puts the line of a mailbox before it: `From MAILER-DAEMON  Thu …`. */
function withoutPostmark(raw: Buffer): Buffer {
  const end = raw.indexOf('\n');
  return end > 0 && /^>?From /.test(raw.subarray(0, 6).toString('latin1')) ? raw.subarray(end + 1) : raw;
}

const ADDRESSED = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];

const headerAddresses = (mail: ParsedMail): string[] =>
  mail.headerLines.filter(({ key }) => ADDRESSED.includes(key)).map(({ line }) => line.replace(/\r?\n[ \t]+/g, ' '));
