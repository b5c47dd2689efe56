// What the fields of a delivery report say (RFC 3464 2.3), and what follows for the one address that the mail went to.

export interface RecipientStatus {
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** RFC 3463: `5.1.1`. */
  status: string;
  /** Whom it is about, as the report names them, in lower case: where the mail came to in the end, and where it was sent. */
  addresses: string[];
}

export interface ReportFields {
  recipients: RecipientStatus[];
  /** With its angle brackets; some servers name it here. */
  messageId: string | undefined;
}

/** Blocks of fields, divided by empty lines: about the report, and about a recipient each. */
export function recipientsIn(text: string): ReportFields {
  const blocks = text.split(/(?:\r?\n[ \t]*){2,}/).map((block) => new Map(fieldsOf(block)));
  const recipients = blocks.flatMap((fields) => {
    const status = statusIn(fields);
    const action = status === undefined ? undefined : actionIn(fields, status);
    return status === undefined || action === undefined ? [] : [{ action, status, addresses: addressesIn(fields) }];
  });
  const [messageId] = blocks.flatMap(
    (fields) => /<[^<>\s]+>/.exec(fields.get('x-original-message-id') ?? fields.get('original-message-id') ?? '') ?? [],
  );
  return { recipients, messageId };
}

/** Names in lower case, values unfolded; of several of one name all, in their order. */
export function fieldsOf(block: string): [string, string][] {
  return block
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    });
}

type Fields = ReadonlyMap<string, string>;

/** Where the field is missing, or is none, what the other mail server answered; a bare reply code is its class. */
function statusIn(fields: Fields): string | undefined {
  const told = ENHANCED.exec(fields.get('status') ?? '')?.[0];
  if (told !== undefined) return told;
  const isAboutOne = fields.has('action') || fields.has('final-recipient') || fields.has('original-recipient');
  const answer = isAboutOne ? (fields.get('diagnostic-code') ?? '') : '';
  const [reply] = /\b([245])\d\d\b/.exec(answer)?.slice(1) ?? [];
  return ENHANCED.exec(answer)?.[0] ?? (reply === undefined ? undefined : `${reply}.0.0`);
}

const ENHANCED = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/;

const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
const OF_CLASS: Readonly<Record<string, RecipientStatus['action']>> = { 2: 'delivered', 4: 'delayed', 5: 'failed' };

/** Where the field is missing, what a status of that class stands for; where it is none of RFC 3464, nothing. */
function actionIn(fields: Fields, status: string): RecipientStatus['action'] | undefined {
  const told = fields.get('action');
  if (told === undefined) return OF_CLASS[status.charAt(0)];
  const word = /^[a-z]+/i.exec(told)?.[0]?.toLowerCase();
  return ACTIONS.find((action) => action === word);
}

/** `rfc822; ada+tag@example.org`, also with `+2B` for `+` (RFC 3461 4) and in angle brackets. */
function addressesIn(fields: Fields): string[] {
  return ['final-recipient', 'original-recipient'].flatMap((name) => {
    const address = (fields.get(name) ?? '')
      .replace(/^[^;@]*;/, '')
      .replace(/\([^)]*\)/g, '')
      .replace(/[<>\s]/g, '');
    const decoded = address.replace(/\+([0-9A-F]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
    return [...new Set([address, decoded])].filter((one) => one.includes('@')).map((one) => one.toLowerCase());
  });
}

/** Given up for good, and not only for now: the address gets no more. */
export const isHardBounce = ({ action, status }: RecipientStatus): boolean =>
  action === 'failed' && status.startsWith('5.');

/** Given up, for whatever reason: this mail will not arrive. */
export const isGivenUp = ({ action }: RecipientStatus): boolean => action === 'failed';

/**
 * What became of a mail to one address. A report may name several, where the address stands for many, or where the same
 * mail server tells of other mails too: those that are about the address count, and where none is named so, all. Of these
 * the best: what has reached one of them has arrived.
 *
 * @param recipients at least one
 */
export function outcomeFor(recipients: readonly RecipientStatus[], address: string): RecipientStatus {
  const own = recipients.filter(({ addresses }) => addresses.includes(address.toLowerCase()));
  const [best] = [...(own.length > 0 ? own : recipients)].sort((a, b) => severityOf(a) - severityOf(b));
  if (!best) throw new Error('A delivery report without recipients was judged.');
  return best;
}

function severityOf(told: RecipientStatus): number {
  if (isHardBounce(told)) return 3;
  if (isGivenUp(told)) return 2;
  return told.action === 'delayed' ? 1 : 0;
}
