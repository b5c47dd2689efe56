// Drives the simulation from event to event: people do things, slots come, servers stop and die, the queue is lost, the
// mail server and Mediaflux are away; and asks after each step whether what left was right, and after each slot whether
// somebody was left out.

import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { SecretKeys } from '../../src/auth/index.js';
import { createDataSource } from '../../src/database/data-source.js';
import { rows, Transactions, type Tx } from '../../src/database/index.js';
import type { ComposedMail } from '../../src/mail/mail-kinds.js';
import type { Addressee, HandOver } from '../../src/mail/mail-transport.js';
import { MediafluxError, type MediafluxGateway } from '../../src/mediaflux/index.js';
import { Clock } from '../../src/time/index.js';
import { Chance } from './chance.js';
import { Deeds } from './deeds.js';
import {
  DAY,
  type Happening,
  HOUR,
  isWithin,
  makeDeliveries,
  makePlatform,
  overlaps,
  type Size,
  type Span,
  spans,
} from './history.js';
import { isDueThroughout, isReminded, isRightSlot, type Ledger, type Window, wrongsOf } from './invariants.js';
import { type Letter, type Post, PostedBy } from './letters.js';
import { cronOf, isClosed, isQuiet, slotsBetween } from './local-time.js';
import {
  addFact,
  type DeliveryModel,
  policyBefore,
  type PlatformModel,
  type Policy,
  stateBefore,
  story,
} from './model.js';
import { putIn } from './put-in.js';
import { isDeath, Server } from './server.js';
import { Timeline } from './timeline.js';
import { VolatileQueue } from './volatile-queue.js';

const MINUTE = 60_000;
/** A year with a leap day and every change of clocks. */
const START = Date.UTC(2027, 8, 1);
const SERVERS = 3;
/** With everything up for so long, whoever is due has been reminded. */
const SETTLED_AFTER = 3 * HOUR;
const MOST_FAILURES = 20;

type Event =
  | Happening
  | { at: number; kind: 'slot'; platform: PlatformModel; policy: Policy }
  | { at: number; kind: 'judge'; window: Window }
  | { at: number; kind: 'wake'; sweeps: boolean }
  | { at: number; kind: 'queue-lost' }
  | { at: number; kind: 'by-hand'; delivery: DeliveryModel }
  | { at: number; kind: 'run-by-hand'; platform: PlatformModel };

class VirtualClock extends Clock {
  constructor(public at: number) {
    super();
  }
  override now(): Date {
    return new Date(this.at);
  }
}

export interface Options extends Size {
  seed: number;
  databaseUrl: string;
  say?: (line: string) => void;
}

export interface Result {
  failures: string[];
  /** How often each thing was seen, so that a simulation in which nothing happened is noticed. */
  seen: Record<string, number>;
}

export async function simulate(options: Options): Promise<Result> {
  const world = new World(options);
  await world.open();
  try {
    await world.run();
  } finally {
    await world.close();
  }
  return { failures: world.failures, seen: Object.fromEntries([...world.seen].sort()) };
}

class World implements Post {
  readonly failures: string[] = [];
  readonly seen = new Map<string, number>();
  private readonly chance: Chance;
  private readonly end: number;
  private readonly clock = new VirtualClock(START);
  private readonly queue = new VolatileQueue();
  private readonly keys = new SecretKeys([randomBytes(32)]);
  private readonly future = new Timeline<Event>();
  private readonly platforms: PlatformModel[];
  private readonly planned: { delivery: DeliveryModel; at: number }[];
  private readonly byId = new Map<string, DeliveryModel>();
  private readonly byUpload = new Map<string, DeliveryModel[]>();
  /** Of each platform: deliveries whose links may live. */
  private readonly opened = new Map<PlatformModel, Set<DeliveryModel>>();
  private readonly servers: (Server | undefined)[] = [];
  private readonly sources: DataSource[] = [];
  private readonly allDown: Span[];
  private readonly oneDown: Span[][];
  private readonly mailDown: Span[];
  private readonly mediafluxDown: Span[];
  private readonly crashes: number[] = [];
  private readonly asked = new Map<string, { at: number; isThere: boolean }[]>();
  private letters: Letter[] = [];
  private readonly tries = new Map<string, number>();
  private nextWake = Infinity;
  private source!: DataSource;
  private deeds!: Deeds;
  private interlude: Promise<void> | undefined;
  private guest: Server | undefined;
  private isStepping = false;

  constructor(private readonly options: Options) {
    this.chance = new Chance(options.seed);
    this.end = START + options.days * DAY;
    const { chance, end } = this;
    this.platforms = Array.from({ length: options.platforms }, (_, number) =>
      makePlatform(chance, number, START, end, options.hasQuietTimes),
    );
    this.planned = makeDeliveries(chance, this.platforms, options, START);
    this.allDown = spans(chance, START, end, 25 * DAY, 20 * HOUR);
    this.oneDown = Array.from({ length: SERVERS - 1 }, () => spans(chance, START, end, 10 * DAY, 3 * DAY));
    this.mailDown = spans(chance, START, end, 30 * DAY, 12 * HOUR);
    this.mediafluxDown = spans(chance, START, end, 30 * DAY, 12 * HOUR);
  }

  async open(): Promise<void> {
    this.source = await createDataSource(this.options.databaseUrl).initialize();
    const transactions = new Transactions(this.source);
    this.deeds = new Deeds(transactions, this.keys, this.clock, this.future as never, this.options.seed, (delivery) =>
      this.openOf(delivery.platform).add(delivery),
    );
    await transactions.run(async (tx) => {
      await putIn(
        tx,
        this.platforms,
        this.planned.map(({ delivery }) => delivery),
        this.keys.current.id,
      );
      for (const platform of this.platforms)
        if (platform.policies[0]) await Deeds.setPolicy(tx, platform, platform.policies[0]);
    });
    await this.source.query('analyze');
    for (const { delivery, at } of this.planned) {
      this.byId.set(delivery.id, delivery);
      const siblings = this.byUpload.get(delivery.uploadId);
      if (siblings) siblings.push(delivery);
      else this.byUpload.set(delivery.uploadId, [delivery]);
      this.future.add({ at, kind: 'handed-over', delivery });
      if (this.chance.is(0.01))
        this.future.add({ at: at + Math.floor(this.chance.wait(5 * DAY)), kind: 'by-hand', delivery });
    }
    for (const platform of this.platforms) this.planPlatform(platform);
    for (let at = START; at < this.end; at += Math.floor(this.chance.wait(8 * DAY)) + 1)
      this.future.add({ at, kind: 'queue-lost' });
    for (const span of [...this.allDown, ...this.mailDown, ...this.mediafluxDown, ...this.oneDown.flat()])
      this.future.add({ at: span.to + this.chance.whole(1, 60_000), kind: 'wake', sweeps: true });
    this.future.add({ at: START + 1, kind: 'wake', sweeps: true });
  }

  private planPlatform(platform: PlatformModel): void {
    platform.policies.forEach((policy, index) => {
      const until = Math.min(platform.policies[index + 1]?.since ?? this.end, this.end);
      if (index > 0) this.future.add({ at: policy.since, kind: 'policy', platform });
      if (!policy.enabled) return;
      for (const slot of slotsBetween(
        policy.rhythm,
        policy.zone,
        Math.max(policy.since, policy.enabledSince) + 1,
        until,
      ))
        if (slot > START) this.future.add({ at: slot, kind: 'slot', platform, policy });
    });
    for (let at = START; at < this.end; at += Math.floor(this.chance.wait(120 * DAY)) + 1)
      this.future.add({ at: at + 12_345, kind: 'run-by-hand', platform });
  }

  async run(): Promise<void> {
    let told = performance.now();
    for (let event = this.future.first; event && event.at <= this.end; event = this.future.first) {
      if (this.failures.length >= MOST_FAILURES) return;
      if (isHappening(event)) {
        await this.happenUntil(this.end);
        continue;
      }
      this.future.take();
      this.clock.at = Math.max(this.clock.at + 1, event.at);
      await this.face(event);
      if (performance.now() - told > 20_000) {
        told = performance.now();
        this.options.say?.(
          `  ${new Date(this.clock.at).toISOString().slice(0, 10)}: ${this.count('mails that left')} reminders left, ${this.failures.length} failures`,
        );
      }
    }
    await this.settle();
  }

  private async face(event: Exclude<Event, Happening>): Promise<void> {
    switch (event.kind) {
      case 'queue-lost':
        this.queue.loseAll();
        this.note('queue lost');
        return;
      case 'slot':
        return this.meetSlot(event.platform, event.policy, event.at);
      case 'judge':
        return this.judge(event.window);
      case 'wake':
        if (event.at >= this.nextWake) this.nextWake = Infinity;
        return this.step(event.sweeps);
      case 'by-hand':
        return this.byHand('one', (server) => server.admin.remind(event.delivery.id, { confirm: this.chance.is(0.4) }));
      case 'run-by-hand':
        return this.byHand('run', async (server) => void (await server.admin.run(event.platform.id)));
    }
  }

  /** People do what comes before the next thing that is not theirs to do. */
  private async happenUntil(limit: number): Promise<void> {
    const changed: PlatformModel[] = [];
    await this.source.transaction(async (tx) => {
      for (let done = 0; done < 500; done += 1) {
        const next = this.future.first;
        if (!next || next.at > limit || !isHappening(next)) return;
        this.future.take();
        this.clock.at = Math.max(this.clock.at, next.at);
        await this.happen(tx, next, changed);
      }
    });
    this.clock.at += 1;
    for (const platform of changed)
      await this.anyServer()?.then((server) => server.planner.platformChanged(platform.id));
  }

  private async happen(tx: Tx, happening: Happening, changed: PlatformModel[]): Promise<void> {
    if (happening.kind !== 'policy') return this.deeds.happen(tx, happening);
    const { platform, at } = happening;
    const policy = platform.policies.find(({ since }) => since === at);
    if (!policy) return;
    await Deeds.setPolicy(tx, platform, policy);
    if (this.chance.is(0.8)) changed.push(platform);
    this.note('policy changed');
  }

  private meetSlot(platform: PlatformModel, policy: Policy, slot: number): void {
    this.note('slots');
    const isTicked = this.queue.tick(platform.id, cronOf(policy.rhythm), policy.zone);
    if (isTicked) this.wake(this.clock.at + this.chance.whole(1, 5_000), false);
    this.future.add({ at: this.clock.at + this.chance.whole(MINUTE, 15 * MINUTE), kind: 'wake', sweeps: true });
    const window = this.windowOf(platform, policy, slot);
    if (window) this.future.add({ at: window.until, kind: 'judge', window });
    else this.note('slots without a quiet time for judging');
  }

  /** From the slot until everything was up for long enough, within the slot and under one policy. */
  private windowOf(platform: PlatformModel, policy: Policy, slot: number): Window | undefined {
    const next = slotsBetween(policy.rhythm, policy.zone, slot + 1, slot + 15 * DAY)[0] ?? Infinity;
    const change = platform.policies.find(({ since }) => since > slot)?.since ?? Infinity;
    const isShut = (at: number): boolean =>
      isQuiet(at, policy.zone, policy.quietHours) || isClosed(at, policy.zone, policy.closedDays);
    const limit = Math.min(next, change, this.end);
    for (let from = slot; from + SETTLED_AFTER < limit;) {
      const until = from + SETTLED_AFTER;
      const trouble = [this.allDown, this.mailDown, this.mediafluxDown].flatMap(
        (all) => overlaps(all, from, until) ?? [],
      );
      const shut = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].find((quarter) => isShut(from + quarter * 15 * MINUTE));
      if (trouble.length === 0 && shut === undefined) return { platform, policy, slot, until };
      from = trouble.length > 0 ? Math.max(...trouble.map(({ to }) => to)) : from + 15 * MINUTE;
    }
    return undefined;
  }

  private wake(at: number, sweeps: boolean): void {
    if (at >= this.nextWake) return;
    this.nextWake = at;
    this.future.add({ at, kind: 'wake', sweeps });
  }

  // Servers

  private isUp(number: number): boolean {
    const { at } = this.clock;
    return !isWithin(this.allDown, at) && (number === 0 || !isWithin(this.oneDown[number - 1] ?? [], at));
  }

  private async serverAt(number: number): Promise<Server> {
    const known = this.servers[number];
    if (known && !known.isDead) return known;
    if (known) await this.sources[number]?.destroy();
    const source = await createDataSource(this.options.databaseUrl).initialize();
    const server = new Server(`server ${number}`, source, this.keys, {
      clock: this.clock,
      queue: this.queue,
      mediaflux: { folderExists: (namespace: string) => this.folderExists(namespace) } as MediafluxGateway,
      transport: (one) => new PostedBy(one, this),
    });
    this.servers[number] = server;
    this.sources[number] = source;
    return server;
  }

  private anyServer(): Promise<Server> | undefined {
    const up = Array.from({ length: SERVERS }, (_, number) => number).filter((number) => this.isUp(number));
    return up.length === 0 ? undefined : this.serverAt(this.chance.of(up));
  }

  /** One server works, or all that are up at once; then it is asked what came of it. */
  private async step(sweeps: boolean): Promise<void> {
    const numbers = Array.from({ length: SERVERS }, (_, number) => number).filter((number) => this.isUp(number));
    if (numbers.length === 0) return;
    const isTogether = this.chance.is(0.25);
    const working: Server[] = [];
    for (const number of isTogether ? numbers : [this.chance.of(numbers)]) working.push(await this.serverAt(number));
    this.note(isTogether ? 'steps together' : 'steps alone');
    this.isStepping = true;
    for (const server of working) if (this.chance.is(0.04)) server.transactions.dieAfter(this.chance.whole(1, 120));
    await Promise.all(working.map((server) => this.turn(server, sweeps, isTogether)));
    this.isStepping = false;
    for (const server of working) if (server.isDead) await this.bury(server);
    await this.check();
    await this.lookAhead();
  }

  private async turn(server: Server, sweeps: boolean, isTogether: boolean): Promise<void> {
    try {
      if (sweeps) await server.sweep(this.chance.is(0.2));
      await server.work(() => isTogether && this.chance.is(0.2));
    } catch (error) {
      if (isDeath(error) || server.isDead) return;
      this.note('jobs that failed');
      this.fail(`a job failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  /** What it held lapses; nothing of it goes on. */
  private async bury(server: Server): Promise<void> {
    this.note('servers that died');
    this.crashes.push(this.clock.at);
    const number = this.servers.indexOf(server);
    await this.sources[number]?.destroy();
    this.servers[number] = undefined;
    await this.lapse();
    this.wake(this.clock.at + this.chance.whole(1_000, 30_000), true);
  }

  private async lapse(): Promise<void> {
    for (const [table, state] of [
      ['mail_outbox', `state = 'sending'`],
      ['reminder_run', 'true'],
    ])
      await this.source.query(
        `update ${table} set lease_until = now() - interval '1 second' where ${state} and lease_until is not null`,
      );
  }

  private async byHand(what: string, act: (server: Server) => Promise<void>): Promise<void> {
    const server = await this.anyServer();
    if (!server) return;
    try {
      await act(server);
      this.note(`by hand: ${what}`);
    } catch (error) {
      if (!(error instanceof Error && /is not to be reminded|has not been handed over|has expired/.test(error.message)))
        throw error;
      this.note('by hand: refused');
    }
    this.wake(this.clock.at + this.chance.whole(1, 5_000), false);
  }

  /** When somebody has to look again, because something waits. */
  private async lookAhead(): Promise<void> {
    const [waiting] = await this.source.query<{ next: Date | null; running: boolean }[]>(
      `select (select min(next_attempt_at) from mail_outbox where state = 'pending') as next,
              exists (select from reminder_run where state in ('pending', 'selecting', 'sending')) as running`,
    );
    const now = this.clock.at;
    if (waiting?.next) {
      const pause = isWithin(this.mailDown, now)
        ? this.chance.whole(10 * MINUTE, 40 * MINUTE)
        : this.chance.whole(500, 60_000);
      this.wake(Math.max(now + pause, Math.min(waiting.next.getTime() + 1, now + 30 * MINUTE)), this.chance.is(0.5));
    }
    if (waiting?.running || this.queue.size > 0)
      this.wake(now + (isWithin(this.mediafluxDown, now) ? 20 * MINUTE : this.chance.whole(1_000, 120_000)), true);
  }

  // Edges

  private folderExists(namespace: string): Promise<boolean> {
    const { at } = this.clock;
    if (isWithin(this.mediafluxDown, at))
      return Promise.reject(new MediafluxError('unreachable', 'Mediaflux is away in this simulation.'));
    const uploadId = namespace.split('/').at(-2) ?? '';
    const isThere = (this.deeds.goneSince.get(uploadId) ?? Infinity) > at;
    const asked = this.asked.get(uploadId) ?? [];
    asked.push({ at, isThere });
    this.asked.set(uploadId, asked);
    if (!isThere) this.note('data that were gone');
    return Promise.resolve(isThere);
  }

  async handOver(server: Server, mail: ComposedMail, to: Addressee): Promise<HandOver> {
    while (this.interlude && this.guest !== server) await this.interlude;
    if (server.isDead) throw new Error('This server has died.');
    const isReminder = to.messageId.startsWith('<reminder-');
    const fate = this.chance.next();
    const mayPause = isReminder && !this.interlude;
    if (mayPause && fate < 0.002)
      await this.pause(this.chance.is(0.7) ? this.chance.whole(1, 3_000) : this.chance.whole(3_000, 3 * HOUR));
    if (server.isDead) throw new Error('This server has died.');
    const judgedAt = to.at.getTime();
    const mayGo = (step: 'start' | 'content'): boolean => to.mayGo?.(step, this.clock.at - judgedAt) ?? true;
    if (isWithin(this.mailDown, this.clock.at))
      return { outcome: 'retry', reason: 'the connection failed (ECONNREFUSED)' };
    if (!mayGo('start')) return this.stopped();
    const tries = (this.tries.get(to.messageId) ?? 0) + 1;
    this.tries.set(to.messageId, tries);
    if (fate > 0.98 && tries <= 3) return { outcome: 'retry', reason: 'the mail server answered 451' };
    if (!mayGo('content')) return this.stopped();
    const letter: Letter = {
      messageId: to.messageId,
      recipient: to.recipient,
      judgedAt,
      leftAt: this.clock.at,
      text: mail.text,
      notAfter: mail.notAfter?.getTime() ?? null,
      outcome: 'taken',
    };
    if (isReminder && fate > 0.975)
      return this.post(
        { ...letter, outcome: 'refused' },
        { outcome: 'refused', reason: 'the mail server answered 550' },
      );
    if (isReminder && fate > 0.974) {
      server.transactions.die();
      throw new Error('This server has died.');
    }
    if (isReminder && fate > 0.97)
      return this.post({ ...letter, outcome: 'no-answer' }, { outcome: 'unknown', reason: 'no answer' });
    this.letters.push(letter);
    if (isReminder && fate > 0.969) {
      server.transactions.die();
      throw new Error('This server has died.');
    }
    if (mayPause && !this.interlude && fate > 0.968) await this.pause(this.chance.whole(1, 3 * HOUR));
    return { outcome: 'sent' };
  }

  private post(letter: Letter, answer: HandOver): HandOver {
    this.letters.push(letter);
    return answer;
  }

  private stopped(): HandOver {
    this.note('mails held back at the last moment');
    return { outcome: 'stopped', reason: 'it was held back at the last moment' };
  }

  /** The mail server lets one wait: time goes on, people do things, another server takes over what lapsed. */
  private async pause(length: number): Promise<void> {
    if (!this.isStepping) return;
    let free: () => void = () => undefined;
    this.interlude = new Promise((resolve) => (free = resolve));
    try {
      this.note('pauses of the mail server');
      const until = this.clock.at + length;
      for (let next = this.future.first; next && next.at <= until; next = this.future.first) {
        if (!isHarmlessEarly(next)) break;
        const happening = next;
        this.future.take();
        await this.source.transaction((tx) => this.deeds.happen(tx, happening));
        this.clock.at = Math.max(this.clock.at, happening.at) + 1;
      }
      const next = this.future.first;
      this.clock.at = Math.max(this.clock.at, Math.min(until, next ? next.at - 1 : until));
      if (length > MINUTE && this.chance.is(0.5)) await this.takeOver();
    } finally {
      this.interlude = undefined;
      this.guest = undefined;
      free();
    }
  }

  /** A worker that stood still too long: its leases lapse, and a new server takes its mails. */
  private async takeOver(): Promise<void> {
    const source = await createDataSource(this.options.databaseUrl).initialize();
    const guest = new Server('the one that takes over', source, this.keys, {
      clock: this.clock,
      queue: this.queue,
      mediaflux: { folderExists: (namespace: string) => this.folderExists(namespace) } as MediafluxGateway,
      transport: (one) => new PostedBy(one, this),
    });
    this.guest = guest;
    this.note('workers that stood still');
    await this.lapse();
    await this.turn(guest, true, false);
    await source.destroy();
  }

  // What must hold

  /** Of what has left since the last time. */
  private async check(): Promise<void> {
    const letters = this.letters.sort((one, other) => one.judgedAt - other.judgedAt || one.leftAt - other.leftAt);
    this.letters = [];
    const dispatches = letters.filter(({ messageId }) => messageId.startsWith('<dispatch-'));
    if (dispatches.length > 0) await this.checkDispatches(dispatches);
    const reminders = letters.filter(({ messageId }) => messageId.startsWith('<reminder-'));
    if (reminders.length > 0) await this.checkReminders(reminders);
    await this.checkRuns();
  }

  private async checkReminders(letters: readonly Letter[]): Promise<void> {
    const ledgers = await this.ledgers(letters.map(({ messageId }) => messageId));
    for (const letter of letters) {
      const ledger = ledgers.get(letter.messageId);
      const delivery = ledger && this.byId.get(ledger.deliveryId);
      if (!ledger || !delivery) {
        this.fail(`a reminder left that stands in no ledger: ${letter.messageId}`);
        continue;
      }
      if (letter.outcome === 'refused') {
        if (ledger.undeliverable) addFact(delivery, { at: letter.judgedAt, kind: 'undeliverable', note: 'refused' });
        else if (!this.hasCrashedSince(letter.judgedAt))
          this.fail(`a refused address was not noted: ${letter.recipient}`);
        this.note('mails refused');
        continue;
      }
      const wrongs = wrongsOf(letter, ledger, delivery, `${delivery.personId}@example.org`);
      wrongs.push(...this.wrongsOfAsking(letter, ledger, delivery));
      addFact(delivery, { at: letter.judgedAt, kind: 'left', note: `${ledger.trigger} slot ${ledger.slot}` });
      this.note('mails that left');
      if (letter.outcome === 'no-answer') this.note('mails without an answer');
      if (ledger.trigger === 'made-up') this.note('mails of made-up runs');
      if (letter.text.includes('This is the last reminder')) this.note('last reminders');
      if (!letter.text.includes(delivery.uploadId)) wrongs.push('it does not name the data');
      if (wrongs.length > 0)
        this.fail(
          `${letter.messageId}, judged ${iso(letter.judgedAt)}, left ${iso(letter.leftAt)}, run ${ledger.trigger} of slot ${iso(ledger.slot)} made ${iso(ledger.runMadeAt)}: ${wrongs.join('; ')}\n${story(delivery)}`,
        );
    }
  }

  /** Each run asks whether the data are still there before it sends. */
  private wrongsOfAsking(letter: Letter, ledger: Ledger, delivery: DeliveryModel): string[] {
    if (ledger.isSingle) return [];
    const asked = (this.asked.get(delivery.uploadId) ?? []).filter(
      ({ at }) => at >= ledger.runMadeAt && at <= letter.judgedAt,
    );
    if (asked.length === 0) return ['nobody asked whether its data are still there'];
    const gone = asked.find(({ isThere }) => !isThere);
    return gone && gone.at < letter.judgedAt && !this.hasCrashedSince(gone.at) ? ['its data were gone'] : [];
  }

  private async ledgers(messageIds: readonly string[]): Promise<Map<string, Ledger & { undeliverable: boolean }>> {
    const found = await this.source.query<
      (Omit<Ledger, 'slot' | 'runMadeAt'> & { slot: Date; runMadeAt: Date; undeliverable: boolean })[]
    >(
      `select r.message_id as "messageId", r.delivery_id as "deliveryId", n.id as "runId", n.slot, n.trigger,
              n.created_at as "runMadeAt", coalesce(r.reason = 'confirmed', false) as "isConfirmed",
              n.trigger = 'by-hand' and n.judged_at is null as "isSingle",
              d.undeliverable_at is not null as undeliverable
         from reminder r
         join reminder_run n on n.id = r.run_id
         join delivery d on d.id = r.delivery_id
        where r.message_id = any($1)`,
      [messageIds],
    );
    return new Map(
      found.map((one) => [one.messageId, { ...one, slot: one.slot.getTime(), runMadeAt: one.runMadeAt.getTime() }]),
    );
  }

  /** The links of a renewed delivery live from the hand-over that the product recorded: one that really was. */
  private async checkDispatches(letters: readonly Letter[]): Promise<void> {
    const ids = letters.map(({ messageId }) => messageId.slice('<dispatch-'.length, '<dispatch-'.length + 36));
    const found = await rows<{ id: string; at: Date | null; expiresAt: Date | null }>(
      this.source.manager,
      'select id, handed_over_at as at, expires_at as "expiresAt" from delivery where id = any($1)',
      [ids],
    );
    for (const { id, at, expiresAt } of found) {
      const delivery = this.byId.get(id);
      if (!delivery || !at || !expiresAt || stateBefore(delivery, Infinity).handedOverAt !== null) continue;
      if (!letters.some(({ messageId, judgedAt }) => messageId.includes(id) && judgedAt === at.getTime()))
        this.fail(`a dispatch was recorded that did not leave at that moment: ${id}`);
      this.deeds.recordHandOver(delivery, at.getTime(), expiresAt.getTime());
      this.note('renewed links');
    }
  }

  private checkedRunsUntil = '00000000-0000-0000-0000-000000000000';

  private async checkRuns(): Promise<void> {
    const made = await this.source.query<{ id: string; platform: string; slot: Date; trigger: string; at: Date }[]>(
      `select id, platform_id as platform, slot, trigger, created_at as at from reminder_run where id > $1 order by id`,
      [this.checkedRunsUntil],
    );
    for (const run of made) {
      this.checkedRunsUntil = run.id;
      this.note(`runs ${run.trigger}`);
      const platform = this.platforms.find(({ id }) => id === run.platform);
      if (run.trigger === 'by-hand' || !platform) continue;
      if (!isRightSlot(platform, run.slot.getTime(), run.at.getTime()))
        this.fail(
          `a run of ${platform.name} for ${iso(run.slot.getTime())}, made ${iso(run.at.getTime())}, is of no slot that was due`,
        );
    }
  }

  private async judge(window: Window): Promise<void> {
    this.note('windows judged');
    const open = this.openOf(window.platform);
    const missed: DeliveryModel[] = [];
    for (const delivery of open) {
      const state = stateBefore(delivery, window.slot);
      if (state.expiresAt !== null && state.expiresAt < window.slot - DAY && !this.mayLiveAgain(delivery))
        open.delete(delivery);
      if ((this.deeds.goneSince.get(delivery.uploadId) ?? Infinity) <= window.until) continue;
      if (!isDueThroughout(delivery, window)) continue;
      this.note('deliveries due through a window');
      if (!isReminded(delivery, window)) missed.push(delivery);
    }
    if (missed.length > 0) await this.explain(window, missed);
  }

  private mayLiveAgain(delivery: DeliveryModel): boolean {
    return delivery.facts.at(-1)?.kind === 'renewed';
  }

  /** A reminder that may have left when a server died is a recorded reason; so is one just before, for its spacing. */
  private async explain(window: Window, missed: readonly DeliveryModel[]): Promise<void> {
    const since = window.slot - window.policy.minimumSpacing;
    const found = await this.source.query<
      { id: string; state: string; triedAt: Date | null; slot: Date; reason: string | null; count: number }[]
    >(
      `select r.delivery_id as id, r.state, r.tried_at as "triedAt", n.slot, r.reason
         from reminder r
         join reminder_run n on n.id = r.run_id
        where r.delivery_id = any($1)
        order by n.slot`,
      [missed.map(({ id }) => id)],
    );
    for (const delivery of missed) {
      const own = found.filter(({ id }) => id === delivery.id);
      const unknown = own.filter(({ state, triedAt }) => state === 'unknown' && triedAt !== null);
      const isAccountedFor =
        unknown.some(({ triedAt }) => triedAt !== null && triedAt.getTime() > since) ||
        (window.policy.maximum !== null && unknown.length > 0);
      if (isAccountedFor) {
        this.note('left out because a reminder may have left');
        continue;
      }
      const ledger = own.map(({ slot, state, reason }) => `${iso(slot.getTime())} ${state} ${reason ?? ''}`).join(', ');
      this.fail(
        `left out: ${delivery.id} of ${window.platform.name} was due from ${iso(window.slot)} to ${iso(window.until)}; its ledger: ${ledger || 'empty'}\n${story(delivery)}`,
      );
    }
  }

  /** With everything up everything comes to an end. */
  private async settle(): Promise<void> {
    for (const all of [this.allDown, this.mailDown, this.mediafluxDown]) all.length = 0;
    for (let round = 0; round < 60; round += 1) {
      this.clock.at += 3 * MINUTE;
      await this.step(true);
    }
    const left = await this.source.query<{ what: string; count: number }[]>(
      `select 'runs' as what, count(*)::int as count from reminder_run where state in ('pending', 'selecting', 'sending')
        union all
       select 'reminders', count(*)::int from reminder where state = 'pending'
        union all
       select 'mails', count(*)::int from mail_outbox where state in ('pending', 'sending')`,
    );
    for (const { what, count } of left) if (count > 0) this.fail(`${count} ${what} never came to an end`);
    const ends = await this.source.query<{ state: string; reason: string | null; count: number }[]>(
      `select state, reason, count(*)::int as count from reminder group by state, reason`,
    );
    for (const { state, reason, count } of ends)
      this.note(`ended ${state}${reason === null ? '' : ` (${reason})`}`, count);
  }

  private hasCrashedSince(moment: number): boolean {
    return (this.crashes.at(-1) ?? -Infinity) >= moment || this.servers.some((server) => server?.isDead);
  }

  private openOf(platform: PlatformModel): Set<DeliveryModel> {
    const known = this.opened.get(platform);
    if (known) return known;
    const made = new Set<DeliveryModel>();
    this.opened.set(platform, made);
    return made;
  }

  private note(what: string, count = 1): void {
    this.seen.set(what, this.count(what) + count);
  }

  private count(what: string): number {
    return this.seen.get(what) ?? 0;
  }

  private fail(text: string): void {
    this.failures.push(`seed ${this.options.seed}, ${iso(this.clock.at)}: ${text}`);
  }

  async close(): Promise<void> {
    for (const [number, source] of this.sources.entries()) if (this.servers[number]) await source.destroy();
    await this.source.destroy();
  }
}

const iso = (moment: number): string => new Date(moment).toISOString();

const OTHERS: readonly string[] = ['slot', 'judge', 'wake', 'queue-lost', 'by-hand', 'run-by-hand'];
const isHappening = (event: Event): event is Happening => !OTHERS.includes(event.kind);

/** What may be seen a moment early by a server that works meanwhile, because it makes nobody due. */
const HARMLESS: readonly string[] = [
  'handed-over',
  'viewed',
  'accessed',
  'transfer-started',
  'transfer-progressed',
  'transfer-completed',
  'done',
  'opted-out',
  'undeliverable',
  'data-gone',
];
const isHarmlessEarly = (event: Event): event is Happening => HARMLESS.includes(event.kind);
