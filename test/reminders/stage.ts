// The parts that choose, judge and send reminders, over a real database and a real mail server, at a time that the test
// sets.

import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type ParsedMail, simpleParser } from 'mailparser';
import { randomBytes } from 'node:crypto';
import { AuditStore } from '../../src/audit/index.js';
import { SecretKeys } from '../../src/auth/index.js';
import { Transactions } from '../../src/database/index.js';
import { DeliveriesStore, DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../../src/deliveries/index.js';
import { PublicAddress } from '../../src/http/index.js';
import { Ids } from '../../src/ids/index.js';
import { type MailDispatcher, MailKinds, MailTransport, ReturnAddresses } from '../../src/mail/index.js';
import type { MediafluxGateway } from '../../src/mediaflux/index.js';
import { Backoffs } from '../../src/mail/backoffs.js';
import { OutboxStore } from '../../src/mail/outbox.store.js';
import { SendMailsProcessor } from '../../src/mail/send-mails.processor.js';
import type { JobQueue } from '../../src/queue/index.js';
import { PersonsStore } from '../../src/persons/index.js';
import { findPlatform, type Platform } from '../../src/platforms/index.js';
import { DigestMail } from '../../src/reminders/digests/digest-mail.js';
import { NoticeMail, SingleNoticeMail } from '../../src/reminders/notices/notice-mail.js';
import { NoticesStore } from '../../src/reminders/notices/notices.store.js';
import { OperatorNotices } from '../../src/reminders/notices/operator-notices.service.js';
import { RemindByHandService } from '../../src/reminders/by-hand/remind-by-hand.service.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { DataCheck } from '../../src/reminders/data-check.js';
import { PreviewService } from '../../src/reminders/previews/preview.service.js';
import { ReminderClaimsStore } from '../../src/reminders/reminder-claims.store.js';
import { ReminderMail } from '../../src/reminders/reminder-mail.js';
import { type RunRow, type RunTrigger, RunsStore } from '../../src/reminders/runs.store.js';
import { SelectionStore } from '../../src/reminders/selection.store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';
import { SetClock } from '../support/set-clock.js';
import { SmtpScript } from '../support/smtp-script.js';

export interface Due {
  id: string;
  uploadId: string;
  personId: string;
  recipient: string;
}

const HOUR = 3_600_000;
export const later = (from: Date, hours: number): Date => new Date(from.getTime() + hours * HOUR);

export class Stage {
  /** One for the file; the mail server and all that works on them are made for each test. */
  database!: TestDatabase;
  server!: SmtpScript;
  clock!: SetClock;
  kinds!: MailKinds;
  deliveries!: DeliveriesStore;
  previews!: PreviewService;
  byHand!: RemindByHandService;
  transport!: MailTransport;
  sender!: SendMailsProcessor;
  transactions!: Transactions;
  keys!: SecretKeys;
  private readonly address = new PublicAddress('http://localhost');
  readonly runs = new RunsStore(new Ids());
  readonly outbox = new OutboxStore();
  readonly notices = new NoticesStore(this.address);
  readonly selection = new SelectionStore(this.address);
  /** What Mediaflux says of the data of a delivery that is reminded of by hand. */
  exists = (): boolean => true;

  async open(now: Date): Promise<void> {
    this.server = await SmtpScript.start();
    this.exists = () => true;
    this.work(now, new SecretKeys([randomBytes(32)]));
  }

  async close(): Promise<void> {
    this.transport.onApplicationShutdown();
    await this.server.close();
    await this.query('delete from mail_outbox');
  }

  /** A second worker beside this one: the same database, mail server and key, at the same moment. */
  another(): Stage {
    const other = new Stage();
    [other.database, other.server] = [this.database, this.server];
    other.work(this.clock.at, this.keys);
    return other;
  }

  private work(now: Date, keys: SecretKeys): void {
    this.clock = new SetClock(now);
    this.keys = keys;
    this.transactions = new Transactions(this.database.dataSource);
    this.kinds = new MailKinds();
    const { transactions, kinds, clock } = this;
    const links = new DeliveryLinks(keys, this.address, transactions, clock);
    this.deliveries = new DeliveriesStore(new Ids(), links, this.address, clock);
    const undeliverable = new UndeliverableDeliveries(this.deliveries, new PersonsStore(new Ids()));
    const dispatch = new DispatchMail(links, this.deliveries, undeliverable, this.address);
    kinds.register(dispatch);
    const parts = [new ReminderClaimsStore(), this.runs, dispatch, links, undeliverable, kinds] as const;
    new ReminderMail(...parts).onModuleInit();
    new DigestMail(...parts).onModuleInit();
    new NoticeMail(this.notices, kinds).onModuleInit();
    new SingleNoticeMail(this.notices, kinds).onModuleInit();
    const unheard = { add: () => Promise.resolve(), kick: () => Promise.resolve() } as unknown as JobQueue &
      MailDispatcher;
    const mediaflux = { folderExists: async () => this.exists() } as unknown as MediafluxGateway;
    this.previews = new PreviewService(transactions, new CandidatesStore(), clock);
    this.byHand = new RemindByHandService(
      transactions,
      new CandidatesStore(),
      this.runs,
      this.selection,
      new DataCheck(transactions, new CandidatesStore(), this.runs, this.deliveries, mediaflux, clock),
      new AuditStore(new Ids()),
      unheard,
      unheard,
      clock,
    );
    this.transport = new MailTransport({ smtpUrl: this.server.url, mailFrom: 'Dispatch <dispatch@example.org>' });
    this.sender = new SendMailsProcessor(
      transactions,
      this.outbox,
      kinds,
      this.transport,
      new ReturnAddresses(undefined, keys),
      new PersonsStore(new Ids()),
      clock,
      new Backoffs(() => 0.5),
    );
  }

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  makePlatform(fields: Record<string, unknown> = {}): Promise<string> {
    return makePlatform(this.database.dataSource, fields);
  }

  /** Handed over two days ago, for `hours` from now on. */
  async makeDue(platformId: string, hours = 24, fields: Record<string, unknown> = {}): Promise<Due> {
    const personId = await makePerson(this.database.dataSource);
    return this.makeDueTo(personId, platformId, hours, fields);
  }

  /** The same, of a new upload to a person who is there already. */
  async makeDueTo(
    personId: string,
    platformId: string,
    hours: number,
    fields: Record<string, unknown> = {},
    upload: Record<string, unknown> = {},
  ): Promise<Due> {
    const { dataSource } = this.database;
    const uploadId = await makeUpload(dataSource, platformId, upload);
    const id = await makeDelivery(dataSource, uploadId, platformId, personId, {
      handed_over_at: later(this.clock.at, -48),
      expires_at: later(this.clock.at, hours),
      link_key_id: this.keys.current.id,
      ...fields,
    });
    return { id, uploadId, personId, recipient: `${personId}@example.org` };
  }

  async platform(id: string): Promise<Platform> {
    const found = await findPlatform(this.database.dataSource.manager, id);
    if (!found) throw new Error('The platform is gone.');
    return found;
  }

  /** A run of a slot that is now, chosen whole; its id. */
  async select(platformId: string, trigger: RunTrigger = 'scheduled'): Promise<string> {
    const now = this.clock.at;
    const platform = await this.platform(platformId);
    return this.database.dataSource.transaction(async (tx) => {
      const runId = await this.runs.create(tx, { platformId, slot: now, trigger, now });
      if (runId === undefined) throw new Error('There is a run for this moment.');
      const wanted = {
        runId,
        platform,
        judgedAt: now,
        now,
      };
      while ((await this.selection.page(tx, wanted, 100)).isFull);
      await this.selection.queueDigests(tx, wanted);
      await this.runs.setState(tx, runId, 'sending', now);
      return runId;
    });
  }

  /** Sends all that is due. */
  send(): Promise<void> {
    return this.sender.process({}, new AbortController().signal);
  }

  /** As a worker does that finds the run with nothing pending; `gateway` is asked only where the project's contact is wanted. */
  async finish(runId: string, gateway?: Pick<MediafluxGateway, 'readProjectContacts'>): Promise<void> {
    const [run] = await this.query<RunRow>(
      'select id, platform_id, slot, trigger, state from reminder_run where id = $1',
      [runId],
    );
    if (!run) throw new Error('The run is gone.');
    const unasked = { readProjectContacts: () => Promise.reject(new Error('Mediaflux was not to be asked.')) };
    const parts = [new PersonsStore(new Ids()), gateway ?? unasked, { kick: () => Promise.resolve() }] as const;
    await new OperatorNotices(this.transactions, this.runs, this.notices, ...parts, this.clock).finish(run);
  }

  /** How many mails to the person the mail server was given to the final dot, whatever it answered. */
  sentTo({ recipient }: Due): number {
    return this.server.to(recipient).length;
  }

  /** The one mail to the person. */
  async mailTo({ recipient }: Due): Promise<ParsedMail> {
    const mails = this.server.to(recipient);
    if (mails.length !== 1) throw new Error(`There are ${mails.length} mails instead of one.`);
    return parsedMail(mails[0]?.raw ?? '');
  }

  /** Of each of the delivery's reminders by slot: its state and reason, and its mail's state. */
  async ends(delivery: Pick<Due, 'id'>): Promise<string[]> {
    const found = await this.query<{ state: string; reason: string | null; mail: string }>(
      `select r.state, r.reason, m.state as mail
         from reminder r
         join reminder_run n on n.id = r.run_id
         join mail_outbox m on m.subject_id = coalesce(r.digest_id, r.id)
        where r.delivery_id = $1
        order by n.slot`,
      [delivery.id],
    );
    return found.map(({ state, reason, mail }) => `${state}${reason === null ? '' : ` ${reason}`}, mail ${mail}`);
  }
}

export const parsedMail = (raw: string): Promise<ParsedMail> =>
  simpleParser(Buffer.from(raw, 'latin1'), { skipTextToHtml: true });

/** The stage of a file: each test begins at `now`, with a mail server of its own and an empty outbox. */
export function stageAt(now: Date): Stage {
  const stage = new Stage();
  beforeAll(async () => {
    Logger.overrideLogger(false);
    stage.database = await createDatabase();
  });
  beforeEach(() => stage.open(now));
  afterEach(() => stage.close());
  afterAll(() => stage.database.close());
  return stage;
}
