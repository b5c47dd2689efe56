// The parts that choose, judge and send reminders, over a real database and a real mail server, at a time that the test
// sets.

import { randomBytes } from 'node:crypto';
import { AuditStore } from '../../src/audit/index.js';
import { SecretKeys } from '../../src/auth/index.js';
import { Transactions } from '../../src/database/index.js';
import { DeliveriesStore, DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../../src/deliveries/index.js';
import { PublicAddress } from '../../src/http/index.js';
import { Ids } from '../../src/ids/index.js';
import { type MailDispatcher, MailKinds, MailTransport, ReturnAddresses } from '../../src/mail/index.js';
import type { MediafluxGateway } from '../../src/mediaflux/index.js';
import { OutboxStore } from '../../src/mail/outbox.store.js';
import { SendMailsProcessor } from '../../src/mail/send-mails.processor.js';
import type { JobQueue } from '../../src/queue/index.js';
import { PersonsStore } from '../../src/persons/index.js';
import { findPlatform, type Platform } from '../../src/platforms/index.js';
import { DigestMail } from '../../src/reminders/digests/digest-mail.js';
import { NoticeMail, SingleNoticeMail } from '../../src/reminders/notices/notice-mail.js';
import { NoticesStore } from '../../src/reminders/notices/notices.store.js';
import { OperatorNotices } from '../../src/reminders/notices/operator-notices.service.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { DataCheck } from '../../src/reminders/data-check.js';
import { RemindersAdminService } from '../../src/reminders/reminders-admin.service.js';
import { ReminderClaimsStore } from '../../src/reminders/reminder-claims.store.js';
import { ReminderMail } from '../../src/reminders/reminder-mail.js';
import { type RunRow, type RunTrigger, RunsStore } from '../../src/reminders/runs.store.js';
import { SelectionStore } from '../../src/reminders/selection.store.js';
import { Clock } from '../../src/time/index.js';
import type { TestDatabase } from '../support/database.js';
import { makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';

export class SetClock extends Clock {
  constructor(public at: Date) {
    super();
  }
  override now(): Date {
    return this.at;
  }
}

export interface Due {
  id: string;
  uploadId: string;
  personId: string;
  recipient: string;
}

const HOUR = 3_600_000;
export const later = (from: Date, hours: number): Date => new Date(from.getTime() + hours * HOUR);

export class Stage {
  readonly clock: SetClock;
  readonly sender: SendMailsProcessor;
  readonly transport: MailTransport;
  readonly kinds = new MailKinds();
  readonly runs = new RunsStore(new Ids());
  readonly outbox = new OutboxStore();
  readonly deliveries: DeliveriesStore;
  readonly admin: RemindersAdminService;
  private readonly address = new PublicAddress('http://localhost');
  readonly notices = new NoticesStore(this.address);
  private readonly transactions: Transactions;
  readonly selection = new SelectionStore(this.address);

  constructor(
    readonly database: TestDatabase,
    private readonly smtpUrl: string,
    now: Date,
    private readonly secretKey = randomBytes(32),
  ) {
    this.clock = new SetClock(now);
    this.transactions = new Transactions(database.dataSource);
    const { transactions, kinds } = this;
    const keys = new SecretKeys([secretKey]);
    this.keyId = keys.current.id;
    const links = new DeliveryLinks(keys, this.address, transactions, this.clock);
    this.deliveries = new DeliveriesStore(new Ids(), links, this.address, this.clock);
    const undeliverable = new UndeliverableDeliveries(this.deliveries);
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
    this.admin = new RemindersAdminService(
      transactions,
      new CandidatesStore(),
      this.runs,
      this.selection,
      new DataCheck(transactions, new CandidatesStore(), this.runs, this.deliveries, mediaflux, this.clock),
      new AuditStore(new Ids()),
      unheard,
      unheard,
      this.clock,
    );
    this.transport = new MailTransport({ smtpUrl, mailFrom: 'Dispatch <dispatch@example.org>' });
    this.sender = new SendMailsProcessor(
      transactions,
      this.outbox,
      kinds,
      this.transport,
      new ReturnAddresses(undefined, keys),
      new PersonsStore(new Ids()),
      this.clock,
    );
  }
  private readonly keyId: string;
  /** What Mediaflux says of the data of a delivery that is reminded of by hand. */
  exists = (): boolean => true;

  /** A second worker beside this one: the same database, mail server and key, at the same moment. */
  another(): Stage {
    return new Stage(this.database, this.smtpUrl, this.clock.at, this.secretKey);
  }

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  makePlatform(fields: Record<string, unknown> = {}): Promise<string> {
    return makePlatform(this.database.dataSource, fields);
  }

  /** Handed over two days ago, for `hours` from now on. */
  async makeDue(platformId: string, hours = 24, fields: Record<string, unknown> = {}): Promise<Due> {
    const { dataSource } = this.database;
    const uploadId = await makeUpload(dataSource, platformId);
    const personId = await makePerson(dataSource);
    const id = await makeDelivery(dataSource, uploadId, platformId, personId, {
      handed_over_at: later(this.clock.at, -48),
      expires_at: later(this.clock.at, hours),
      link_key_id: this.keyId,
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
        nextSlot: later(now, 7 * 24),
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
  async finish(runId: string, gateway?: Pick<MediafluxGateway, 'readProjectContact'>): Promise<void> {
    const [run] = await this.query<RunRow>(
      'select id, platform_id, slot, trigger, state from reminder_run where id = $1',
      [runId],
    );
    if (!run) throw new Error('The run is gone.');
    const unasked = { readProjectContact: () => Promise.reject(new Error('Mediaflux was not to be asked.')) };
    const parts = [new PersonsStore(new Ids()), gateway ?? unasked, { kick: () => Promise.resolve() }] as const;
    await new OperatorNotices(this.transactions, this.runs, this.notices, ...parts, this.clock).finish(run);
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
