// The parts that choose, judge and send reminders, over a real database and a real mail server, at a time that the test
// sets.

import { randomBytes } from 'node:crypto';
import { SecretKeys } from '../../src/auth/index.js';
import { Transactions } from '../../src/database/index.js';
import { DeliveriesStore, DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../../src/deliveries/index.js';
import { PublicAddress } from '../../src/http/index.js';
import { Ids } from '../../src/ids/index.js';
import { MailKinds, MailTransport, ReturnAddresses } from '../../src/mail/index.js';
import { OutboxStore } from '../../src/mail/outbox.store.js';
import { SendMailsProcessor } from '../../src/mail/send-mails.processor.js';
import { PersonsStore } from '../../src/persons/index.js';
import { findPlatform, type Platform } from '../../src/platforms/index.js';
import { ReminderClaimsStore } from '../../src/reminders/reminder-claims.store.js';
import { ReminderMail } from '../../src/reminders/reminder-mail.js';
import { type RunTrigger, RunsStore } from '../../src/reminders/runs.store.js';
import { SelectionStore } from '../../src/reminders/selection.store.js';
import { departures } from '../../src/schedule/index.js';
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
  readonly runs = new RunsStore(new Ids());
  readonly outbox = new OutboxStore();
  readonly deliveries: DeliveriesStore;
  private readonly address = new PublicAddress('http://localhost');
  readonly selection = new SelectionStore(this.address);

  constructor(
    readonly database: TestDatabase,
    smtpUrl: string,
    now: Date,
  ) {
    this.clock = new SetClock(now);
    const transactions = new Transactions(database.dataSource);
    const keys = new SecretKeys([randomBytes(32)]);
    this.keyId = keys.current.id;
    const links = new DeliveryLinks(keys, this.address, transactions, this.clock);
    this.deliveries = new DeliveriesStore(new Ids(), links, this.address, this.clock);
    const undeliverable = new UndeliverableDeliveries(this.deliveries);
    const dispatch = new DispatchMail(links, this.deliveries, undeliverable, this.address);
    const kinds = new MailKinds();
    new ReminderMail(new ReminderClaimsStore(), this.runs, dispatch, links, undeliverable, kinds).onModuleInit();
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
        departures: trigger === 'by-hand' ? [] : departures(now, platform.reminders, platform.timeZone),
      };
      while ((await this.selection.page(tx, wanted, 100)).isFull);
      await this.runs.setState(tx, runId, 'sending', now);
      return runId;
    });
  }

  /** Sends all that is due. */
  send(): Promise<void> {
    return this.sender.process({}, new AbortController().signal);
  }

  /** Of each of the delivery's reminders by slot: its state and reason, and its mail's state. */
  async ends(delivery: Pick<Due, 'id'>): Promise<string[]> {
    const found = await this.query<{ state: string; reason: string | null; mail: string }>(
      `select r.state, r.reason, m.state as mail
         from reminder r
         join reminder_run n on n.id = r.run_id
         join mail_outbox m on m.kind = 'reminder' and m.subject_id = r.id
        where r.delivery_id = $1
        order by n.slot`,
      [delivery.id],
    );
    return found.map(({ state, reason, mail }) => `${state}${reason === null ? '' : ` ${reason}`}, mail ${mail}`);
  }
}
