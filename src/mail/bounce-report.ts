// Reads a report of a mail server that a mail did not arrive (RFC 3464), as it comes: hostile, large, or something else.

import { createHash } from 'node:crypto';
import { type ParsedMail, simpleParser } from 'mailparser';

export const LARGEST_REPORT_BYTES = 1024 * 1024;

export interface BounceReport {
  /** Addresses that the report was sent to, and that the returned mail says it came from. */
  addresses: string[];
  /** Of the returned mail, with its angle brackets. */
  messageId: string | undefined;
  /** The worst of what is told of recipients. */
  recipient: RecipientStatus;
  sha256: Buffer;
}

export interface RecipientStatus {
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** RFC 3463: `5.1.1`. */
  status: string;
}

export type ReadReport = BounceReport | { refused: string };

export async function readBounceReport(raw: Buffer): Promise<ReadReport> {
  if (raw.length === 0) return { refused: 'The body is empty; send the report as it came, as message/rfc822.' };
  if (raw.length > LARGEST_REPORT_BYTES)
    return { refused: `The body is larger than ${LARGEST_REPORT_BYTES} bytes; no delivery report is.` };
  const parsed = await parse(raw);
  if (!parsed) return { refused: 'The body is no mail that can be read.' };
  const status = parsed.attachments.find((part) => part.contentType === 'message/delivery-status');
  if (!status) return { refused: 'The mail is no delivery report (RFC 3464): it has no part message/delivery-status.' };
  const told = recipientsIn(status.content.toString('utf8'));
  const worst = told.sort((a, b) => severityOf(b) - severityOf(a))[0];
  if (!worst) return { refused: 'The delivery report names no recipient with an action and a status.' };
  const returned = parsed.attachments.find((part) => RETURNED.test(part.contentType));
  const headers = returned ? fieldsOf(returned.content.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '') : [];
  return {
    addresses: [
      ...headerAddresses(parsed),
      ...headers.filter(([name]) => name === 'return-path').map(([, value]) => value),
    ],
    messageId: headers.flatMap(([name, value]) => (name === 'message-id' ? (/<[^<>\s]+>/.exec(value) ?? []) : []))[0],
    recipient: worst,
    sha256: createHash('sha256').update(raw).digest(),
  };
}

const RETURNED =
  /^(?:message\/rfc822|message\/global|text\/rfc822-headers|message\/rfc822-headers|message\/global-headers)$/;

async function parse(raw: Buffer): Promise<ParsedMail | undefined> {
  try {
    return await simpleParser(raw, {
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
      maxHtmlLengthToParse: 0,
    });
  } catch {
    // Whatever its parser cannot take: too many parts, too deep, an encoding that is none.
    return undefined;
  }
}

const ADDRESSED = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];

const headerAddresses = (mail: ParsedMail): string[] =>
  mail.headerLines.filter(({ key }) => ADDRESSED.includes(key)).map(({ line }) => line.replace(/\r?\n[ \t]+/g, ' '));

/** Blocks of fields, divided by empty lines: the first about the report, each further one about a recipient. */
function recipientsIn(text: string): RecipientStatus[] {
  return text
    .split(/(?:\r?\n[ \t]*){2,}/)
    .map((block) => new Map(fieldsOf(block)))
    .flatMap((fields) => {
      const action = /^[a-z]+/i.exec(fields.get('action') ?? '')?.[0]?.toLowerCase();
      const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0];
      return isAction(action) && status !== undefined ? [{ action, status }] : [];
    });
}

const ACTIONS: readonly string[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'];
const isAction = (text: string | undefined): text is RecipientStatus['action'] =>
  text !== undefined && ACTIONS.includes(text);

/** Given up for good, and not only for now: the address gets no more. */
export const isHardBounce = ({ action, status }: RecipientStatus): boolean =>
  action === 'failed' && status.startsWith('5.');

const severityOf = (told: RecipientStatus): number =>
  isHardBounce(told) ? 2 : ['failed', 'delayed'].includes(told.action) ? 1 : 0;

/** Names in lower case, values unfolded. */
function fieldsOf(block: string): [string, string][] {
  return block
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    });
}
