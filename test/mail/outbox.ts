// An outbox in a real database, a worker that empties it, and a mail server over raw sockets, for the tests of a file.

import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { SecretKeys } from '../../src/auth/index.js';
import { Transactions } from '../../src/database/index.js';
import { Ids } from '../../src/ids/index.js';
import { type Composition, MailKinds, MailTransport, type QueuedMail, ReturnAddresses } from '../../src/mail/index.js';
import { Backoffs } from '../../src/mail/backoffs.js';
import { enqueueMail, OutboxStore } from '../../src/mail/outbox.store.js';
import { SendMailsProcessor } from '../../src/mail/send-mails.processor.js';
import { TIMEOUTS } from '../../src/mail/smtp-connections.js';
import { PersonsStore } from '../../src/persons/index.js';
import { Clock } from '../../src/time/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert } from '../support/make.js';
import { type Act, SmtpScript, type Step } from '../support/smtp-script.js';

export const KINDS = ['repeatable', 'once'] as const;
export type Kind = (typeof KINDS)[number];

/** Silence is waited for less long than in earnest. */
const IMPATIENT = { ...TIMEOUTS, socketTimeout: 3_000 };

export interface QueuedTo {
  id: string;
  /** An address. */
  recipient: string;
}

/** Due at once, to a person of its own. */
export async function queueMail(
  { dataSource }: TestDatabase,
  kind: Kind,
  fields: { notAfter?: Date } = {},
): Promise<QueuedTo> {
  const [id, personId] = [new Ids().next(), randomUUID()];
  const recipient = `${personId}@example.org`;
  await insert(dataSource, 'person', { id: personId, address: recipient, address_key: recipient });
  await enqueueMail(dataSource.manager, {
    id,
    kind,
    subjectId: randomUUID(),
    personId,
    messageId: `<${id}@example.org>`,
    dedupeKey: id,
    atMostOnce: kind === 'once',
    dueAt: new Date(0),
    ...fields,
  });
  return { id, recipient };
}

/** A worker that empties the outbox. It tries again after pauses that are neither the shortest nor the longest. */
export const workerOn = (
  { dataSource }: TestDatabase,
  kinds: MailKinds,
  transport: MailTransport,
  clock = new Clock(),
): SendMailsProcessor =>
  new SendMailsProcessor(
    new Transactions(dataSource),
    new OutboxStore(),
    kinds,
    transport,
    new ReturnAddresses(undefined, new SecretKeys([randomBytes(32)])),
    new PersonsStore(new Ids()),
    clock,
    new Backoffs(() => 0.5),
  );

export class Outbox {
  database!: TestDatabase;
  server!: SmtpScript;
  processor!: SendMailsProcessor;
  private transport!: MailTransport;
  /** What the kinds of mail were told, in order. */
  ends: [end: string, mailId: string][] = [];
  /** How a mail is written; a test may replace it. */
  write!: (mail: QueuedMail) => Composition;

  async begin(): Promise<void> {
    this.server = await SmtpScript.start();
    this.ends = [];
    this.write = () => ({ subject: 'Data', text: 'Here they are.', html: '<p>Here they are.</p>' });
    this.work(this.server.url);
  }

  async end(): Promise<void> {
    this.transport.onApplicationShutdown();
    await this.server.close();
    await this.database.dataSource.query('delete from mail_outbox');
  }

  /** From now on another worker: at this address of the mail server, or one that does not wait long. */
  useWorker({ smtpUrl = this.server.url, isImpatient = false }): void {
    this.transport.onApplicationShutdown();
    this.work(smtpUrl, isImpatient ? IMPATIENT : TIMEOUTS);
  }

  private work(smtpUrl: string, timeouts = TIMEOUTS): void {
    this.transport = new MailTransport({ smtpUrl, mailFrom: 'Dispatch <dispatch@example.org>' }, timeouts);
    const kinds = new MailKinds();
    const { ends } = this;
    for (const kind of KINDS)
      kinds.register({
        kind,
        compose: async (_tx, mail) => this.write(mail),
        ...(kind === 'repeatable'
          ? { composeMany: async (_tx, mails) => new Map(mails.map((mail) => [mail.id, () => this.write(mail)])) }
          : {}),
        handedOver: async (_tx, mail) => void ends.push(['handed-over', mail.id]),
        unknown: async (_tx, mail) => void ends.push(['unknown', mail.id]),
        refused: async (_tx, mail) => void ends.push(['refused', mail.id]),
        failed: async (_tx, mail) => void ends.push(['failed', mail.id]),
        skipped: async (_tx, mail) => void ends.push(['skipped', mail.id]),
      });
    this.processor = workerOn(this.database, kinds, this.transport);
  }

  queue(kind: Kind, fields: { notAfter?: Date } = {}): Promise<QueuedTo> {
    return queueMail(this.database, kind, fields);
  }

  /** Sends what is due; what waits for a later try is due at once the next time. */
  async send(): Promise<void> {
    await this.database.dataSource.query(`update mail_outbox set next_attempt_at = 'epoch' where state = 'pending'`);
    await this.processor.process({}, new AbortController().signal);
  }

  async stateOf(id: string): Promise<{ state: string; reason: string | null; attempt: number }> {
    const [row] = await this.database.dataSource.query<{ state: string; reason: string | null; attempt: number }[]>(
      'select state, reason, attempt from mail_outbox where id = $1',
      [id],
    );
    if (!row) throw new Error('The mail is gone.');
    return row;
  }

  /** The mail server does `act` at `step` until told otherwise. */
  fail(step: Step, act: Act): void {
    this.server.at = (at) => (at === step ? act : undefined);
  }

  heal(): void {
    this.server.at = () => undefined;
  }
}

/** Each test begins with an empty outbox and a mail server of its own. */
export function emptyOutbox(): Outbox {
  const outbox = new Outbox();
  beforeAll(async () => {
    Logger.overrideLogger(false);
    outbox.database = await createDatabase();
  });
  beforeEach(() => outbox.begin());
  afterEach(() => outbox.end());
  afterAll(() => outbox.database.close());
  return outbox;
}
