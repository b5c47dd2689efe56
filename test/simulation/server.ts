// One server: the product's own parts that plan, choose, judge and send reminders, over the database that all servers
// share. Only clock, queue, Mediaflux and the mail server are the simulation's.

import type { DataSource } from 'typeorm';
import { AuditStore } from '../../src/audit/index.js';
import type { SecretKeys } from '../../src/auth/index.js';
import { DeliveriesStore, DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../../src/deliveries/index.js';
import { UndeliverableMail } from '../../src/deliveries/operator-mails.js';
import { PublicAddress } from '../../src/http/index.js';
import { Ids } from '../../src/ids/index.js';
import { MailDispatcher, MailKinds, type MailTransport, ReturnAddresses } from '../../src/mail/index.js';
import { Backoffs } from '../../src/mail/backoffs.js';
import { OutboxStore } from '../../src/mail/outbox.store.js';
import { SendMailsProcessor } from '../../src/mail/send-mails.processor.js';
import type { MediafluxGateway } from '../../src/mediaflux/index.js';
import { PersonsStore } from '../../src/persons/index.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { DataCheck } from '../../src/reminders/data-check.js';
import { DigestMail } from '../../src/reminders/digests/digest-mail.js';
import { NoticeMail, SingleNoticeMail } from '../../src/reminders/notices/notice-mail.js';
import { NoticesStore } from '../../src/reminders/notices/notices.store.js';
import { OperatorNotices } from '../../src/reminders/notices/operator-notices.service.js';
import { VanishedMail } from '../../src/reminders/notices/vanished-mail.js';
import { ReminderClaimsStore } from '../../src/reminders/reminder-claims.store.js';
import { ReminderMail } from '../../src/reminders/reminder-mail.js';
import { RemindByHandService } from '../../src/reminders/by-hand/remind-by-hand.service.js';
import { ReminderPlanner } from '../../src/reminders/reminder-planner.js';
import { ReminderRunsService } from '../../src/reminders/reminder-runs.service.js';
import { RunRemindersProcessor } from '../../src/reminders/run-reminders.processor.js';
import { RunsStore } from '../../src/reminders/runs.store.js';
import { SelectionStore } from '../../src/reminders/selection.store.js';
import { SlotsStore } from '../../src/reminders/slots.store.js';
import { Died, MortalTransactions } from './mortal-transactions.js';
import type { ServerClock } from './scene.js';
import type { VolatileQueue, WaitingJob } from './volatile-queue.js';

export interface Edges {
  clock: ServerClock;
  queue: VolatileQueue;
  mediaflux: MediafluxGateway;
  /** By the seed. */
  random: () => number;
  /** The mail server as this server meets it. */
  transport(server: Server): MailTransport;
}

export const ADDRESS = new PublicAddress('https://dispatch.example.org');

export class Server {
  readonly transactions: MortalTransactions;
  readonly planner: ReminderPlanner;
  readonly adminRuns: ReminderRunsService;
  readonly byHand: RemindByHandService;
  readonly clock: ServerClock;
  private readonly sender: SendMailsProcessor;
  private readonly runs: RunRemindersProcessor;
  private readonly mails: MailDispatcher;
  private readonly queue: VolatileQueue;

  constructor(source: DataSource, keys: SecretKeys, edges: Edges) {
    const { clock, queue } = edges;
    this.queue = queue;
    this.clock = clock;
    this.transactions = new MortalTransactions(source);
    const ids = new Ids();
    const links = new DeliveryLinks(keys, ADDRESS, this.transactions, clock);
    const deliveries = new DeliveriesStore(ids, links, ADDRESS, clock);
    const persons = new PersonsStore(ids);
    const undeliverable = new UndeliverableDeliveries(deliveries, persons);
    const dispatch = new DispatchMail(links, deliveries, undeliverable, ADDRESS);
    const kinds = new MailKinds();
    const runs = new RunsStore(ids);
    const selection = new SelectionStore(ADDRESS);
    const candidates = new CandidatesStore();
    this.mails = new MailDispatcher(queue);
    kinds.register(dispatch);
    const parts = [new ReminderClaimsStore(), runs, dispatch, links, undeliverable, kinds] as const;
    const noticesStore = new NoticesStore(ADDRESS);
    for (const kind of [
      new ReminderMail(...parts),
      new DigestMail(...parts),
      new NoticeMail(noticesStore, kinds),
      new SingleNoticeMail(noticesStore, kinds),
      new VanishedMail(kinds),
    ])
      kind.onModuleInit();
    kinds.register(new UndeliverableMail());
    const notices = new OperatorNotices(
      this.transactions,
      runs,
      noticesStore,
      persons,
      edges.mediaflux,
      this.mails,
      clock,
    );
    this.sender = new SendMailsProcessor(
      this.transactions,
      new OutboxStore(),
      kinds,
      edges.transport(this),
      new ReturnAddresses(undefined, keys),
      persons,
      clock,
      new Backoffs(edges.random),
    );
    const check = new DataCheck(this.transactions, candidates, runs, deliveries, edges.mediaflux, clock);
    this.runs = new RunRemindersProcessor(this.transactions, runs, selection, check, notices, this.mails, clock);
    this.planner = new ReminderPlanner(this.transactions, runs, new SlotsStore(), queue, clock);
    this.adminRuns = new ReminderRunsService(this.transactions, runs, new AuditStore(ids), queue, clock);
    this.byHand = new RemindByHandService(
      this.transactions,
      candidates,
      runs,
      selection,
      check,
      new AuditStore(ids),
      queue,
      this.mails,
      clock,
    );
  }

  /** What its sweeps do. */
  async sweep(keepsSchedules: boolean): Promise<void> {
    await this.sender.takeOver();
    if (await this.sender.isAnyDue()) await this.mails.kick();
    await this.planner.sweep();
    if (keepsSchedules) await this.planner.keepSchedules(true);
  }

  /** Works the queue off. @param isDoubled another server may take each job too */
  async work(isDoubled: () => boolean): Promise<void> {
    for (let job = this.queue.take(); job; job = this.queue.take()) {
      if (isDoubled()) this.queue.putAgain(job);
      await this.process(job);
    }
  }

  private process({ name, payload }: WaitingJob): Promise<void> {
    const { signal } = this.transactions;
    if (name === 'send-mails') return this.sender.process({}, signal);
    if (name === 'run-reminders') return this.runs.process(payload as { runId: string }, signal);
    if (name === 'reminder-tick') return this.planner.process(payload as { platformId: string });
    throw new Error(`The simulation knows no job ${name}.`);
  }

  get isDead(): boolean {
    return this.transactions.isDead;
  }
}

export const isDeath = (error: unknown): boolean => error instanceof Died;
