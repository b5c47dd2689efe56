// What all parts of a simulation share: the history of its seed, the clock, what is to come, times of trouble, and what
// was seen and failed.

import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { SecretKeys } from '../../src/auth/index.js';
import { Clock } from '../../src/time/index.js';
import { Chance } from './chance.js';
import type { Deeds } from './deeds.js';
import {
  awayAtSlots,
  DAY,
  type Happening,
  HOUR,
  makeDeliveries,
  makePlatform,
  merged,
  quietAfterSlots,
  type Size,
  type Span,
  spans,
  switchOffInTrouble,
} from './history.js';
import type { Window } from './invariants.js';
import type { DeliveryModel, PlatformModel, Policy } from './model.js';
import { Timeline } from './timeline.js';
import { VolatileQueue } from './volatile-queue.js';

/** Before a leap day. */
export const START = Date.UTC(2027, 8, 1);
export const SERVERS = 3;
/** So far a server's clock may be from the true time, either way, in milliseconds. */
export const SKEW = 30_000;

export type Event =
  | Happening
  | { at: number; kind: 'slot'; platform: PlatformModel; policy: Policy }
  | { at: number; kind: 'judge'; window: Window }
  | { at: number; kind: 'wake'; sweeps: boolean }
  | { at: number; kind: 'queue-lost' }
  | { at: number; kind: 'by-hand'; delivery: DeliveryModel }
  | { at: number; kind: 'run-by-hand'; platform: PlatformModel };

const OTHERS: readonly string[] = ['slot', 'judge', 'wake', 'queue-lost', 'by-hand', 'run-by-hand'];
export const isHappening = (event: Event): event is Happening => !OTHERS.includes(event.kind);

export interface Options extends Size {
  seed: number;
  databaseUrl: string;
  /** Told now and then how far it is. */
  say?: (line: string) => void;
}

class VirtualClock extends Clock {
  constructor(public at: number) {
    super();
  }
  override now(): Date {
    return new Date(this.at);
  }
}

/** The clock of one server, which is not quite right. */
export class ServerClock extends Clock {
  constructor(
    private readonly truth: VirtualClock,
    readonly ahead: number,
  ) {
    super();
  }
  override now(): Date {
    return new Date(this.truth.at + this.ahead);
  }
}

export class Scene {
  readonly failures: string[] = [];
  /** How often each thing was seen, so that a simulation in which nothing happened is noticed. */
  readonly seen = new Map<string, number>();
  readonly chance: Chance;
  /** Apart, so that clocks and operators leave the history of a seed as it is. */
  readonly details: Chance;
  readonly end: number;
  readonly clock = new VirtualClock(START);
  readonly queue = new VolatileQueue();
  readonly keys = new SecretKeys([randomBytes(32)]);
  readonly future = new Timeline<Event>();
  readonly platforms: PlatformModel[];
  /** Each with the moment at which its first mail is handed over. */
  readonly planned: { delivery: DeliveryModel; at: number }[];
  readonly deliveries: ReadonlyMap<string, DeliveryModel>;
  readonly allDown: Span[];
  /** Of each server but the first. */
  readonly oneDown: Span[][];
  readonly mailDown: Span[];
  readonly mediafluxDown: Span[];
  /** When servers died, or stood still until others took their work. */
  readonly crashes: number[] = [];
  /** Deliveries of which somebody wanted a reminder whatever the rules say, with the moments. */
  readonly confirmed = new Map<string, Set<number>>();
  source!: DataSource;
  deeds!: Deeds;
  private nextWake = Infinity;

  constructor(readonly options: Options) {
    this.chance = new Chance(options.seed);
    this.details = new Chance(~options.seed);
    this.end = START + options.days * DAY;
    const { chance, end } = this;
    this.platforms = Array.from({ length: options.platforms }, (_, number) =>
      makePlatform(chance, this.details, number, { start: START, end, hasQuietTimes: options.hasQuietTimes }),
    );
    this.planned = makeDeliveries(chance, this.platforms, options, START);
    this.deliveries = new Map(this.planned.map(({ delivery }) => [delivery.id, delivery]));
    this.allDown = spans(chance, START, end, 25 * DAY, 20 * HOUR);
    this.oneDown = Array.from({ length: SERVERS - 1 }, () => spans(chance, START, end, 10 * DAY, 3 * DAY));
    const mailDown = spans(chance, START, end, 10 * DAY, 14 * HOUR);
    this.mediafluxDown = spans(chance, START, end, 30 * DAY, 12 * HOUR);
    // Runs that waited for the one go on together while the mails of each wait for the other.
    const both = this.mediafluxDown.map(({ to }) => ({ from: to - HOUR, to: to + HOUR }));
    // What waited at a slot of these comes into quiet hours that have begun meanwhile.
    const quiet = options.hasQuietTimes ? this.platforms.filter((_, number) => number % 3 === 2) : [];
    for (const platform of quiet) quietAfterSlots(platform);
    this.mailDown = merged([...mailDown, ...both, ...quiet.flatMap((platform) => awayAtSlots(platform, end))]);
    for (const platform of this.platforms) switchOffInTrouble(this.details, platform, this.mailDown);
  }

  /** Of a server that starts; when it starts again, its clock may have been set. */
  aClock(): ServerClock {
    return new ServerClock(this.clock, this.details.whole(-SKEW, SKEW));
  }

  /** Somebody has to look at `at`, or before. */
  wake(at: number, sweeps: boolean): void {
    if (at >= this.nextWake) return;
    this.nextWake = at;
    this.future.add({ at, kind: 'wake', sweeps });
  }

  woken(at: number): void {
    if (at >= this.nextWake) this.nextWake = Infinity;
  }

  note(what: string, count = 1): void {
    this.seen.set(what, this.count(what) + count);
  }

  count(what: string): number {
    return this.seen.get(what) ?? 0;
  }

  fail(text: string): void {
    const failure = `seed ${this.options.seed}, ${iso(this.clock.at)}: ${text}`;
    this.failures.push(failure);
    this.options.say?.(`\nFAILED ${failure}\n`);
  }
}

export const iso = (moment: number): string => new Date(moment).toISOString();
