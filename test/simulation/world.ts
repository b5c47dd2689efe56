// Drives a simulation from event to event: people do things, slots come, servers work, the queue is lost.

import { createDataSource } from '../../src/database/data-source.js';
import { Transactions, type Tx } from '../../src/database/index.js';
import { Auditor } from './auditor.js';
import { Deeds } from './deeds.js';
import { Fleet } from './fleet.js';
import { DAY, type Happening, HOUR, overlaps } from './history.js';
import type { Window } from './invariants.js';
import { cronOf, isClosed, isQuiet, slotsBetween } from './local-time.js';
import type { PlatformModel, Policy } from './model.js';
import { PostOffice } from './post-office.js';
import { putIn } from './put-in.js';
import { type Event, isHappening, type Options, Scene, SKEW, START } from './scene.js';

const MINUTE = 60_000;
/** With everything up for so long, whoever is due has been reminded. */
const SETTLED_AFTER = 3 * HOUR;
const MOST_FAILURES = 20;
const TOLD_EVERY_MS = 20_000;

export interface Result {
  /** Each with what is wrong and the history of the delivery. */
  failures: string[];
  /** How often each thing was seen. */
  seen: Record<string, number>;
}

/** Lets the time of a seed go by in a migrated database of its own. */
export async function simulate(options: Options): Promise<Result> {
  const scene = new Scene(options);
  const world = new World(scene);
  await world.open();
  try {
    await world.run();
  } finally {
    await world.close();
  }
  return { failures: scene.failures, seen: Object.fromEntries([...scene.seen].sort()) };
}

class World {
  private readonly post: PostOffice;
  private readonly fleet: Fleet;
  private readonly auditor: Auditor;

  constructor(private readonly scene: Scene) {
    this.post = new PostOffice(scene);
    this.fleet = new Fleet(scene, this.post);
    this.auditor = new Auditor(scene, this.post);
  }

  async open(): Promise<void> {
    const { scene } = this;
    scene.source = await createDataSource(scene.options.databaseUrl).initialize();
    const transactions = new Transactions(scene.source);
    scene.deeds = new Deeds(transactions, scene, (delivery) => this.auditor.handedOver(delivery));
    await transactions.run(async (tx) => {
      await putIn(
        tx,
        scene.platforms,
        scene.planned.map(({ delivery }) => delivery),
        scene.keys.current.id,
      );
      for (const platform of scene.platforms)
        if (platform.policies[0]) await Deeds.setPolicy(tx, platform, platform.policies[0]);
    });
    await scene.source.query('analyze');
    this.plan();
  }

  private plan(): void {
    const { chance, future, end, planned, platforms, oneDown, allDown, mailDown, mediafluxDown } = this.scene;
    for (const { delivery, at } of planned) {
      future.add({ at, kind: 'handed-over', delivery });
      if (chance.is(0.01)) future.add({ at: at + Math.floor(chance.wait(5 * DAY)), kind: 'by-hand', delivery });
    }
    for (const platform of platforms) this.planPlatform(platform);
    for (let at = START; at < end; at += Math.floor(chance.wait(8 * DAY)) + 1) future.add({ at, kind: 'queue-lost' });
    for (const span of [...allDown, ...mailDown, ...mediafluxDown, ...oneDown.flat()])
      future.add({ at: span.to + chance.whole(1, MINUTE), kind: 'wake', sweeps: true });
    future.add({ at: START + 1, kind: 'wake', sweeps: true });
  }

  private planPlatform(platform: PlatformModel): void {
    const { chance, future, end } = this.scene;
    platform.policies.forEach((policy, index) => {
      const until = Math.min(platform.policies[index + 1]?.since ?? end, end);
      if (index > 0) future.add({ at: policy.since, kind: 'policy', platform });
      if (!policy.enabled) return;
      const from = Math.max(policy.since, policy.enabledSince, START) + 1;
      for (const slot of slotsBetween(policy.rhythm, policy.zone, from, until)) {
        this.expect(slot, platform, policy);
        this.runBefore(slot, platform);
      }
    });
    for (let at = START; at < end; at += Math.floor(chance.wait(120 * DAY)) + 1)
      future.add({ at: at + 12_345, kind: 'run-by-hand', platform });
  }

  /** While Mediaflux is away and a slot is to come somebody makes a run: two wait, and go on together. */
  private runBefore(slot: number, platform: PlatformModel): void {
    const { future, mediafluxDown } = this.scene;
    const span = mediafluxDown.find(({ from, to }) => from < slot && slot < to);
    if (span) future.add({ at: Math.floor((span.from + slot) / 2), kind: 'run-by-hand', platform });
  }

  /** Somebody may look when the slot has come by some clocks only. */
  private expect(slot: number, platform: PlatformModel, policy: Policy): void {
    const { future, details } = this.scene;
    future.add({ at: slot, kind: 'slot', platform, policy });
    if (details.is(0.5)) future.add({ at: slot + details.whole(-SKEW, SKEW), kind: 'wake', sweeps: true });
  }

  async run(): Promise<void> {
    const { future, clock, end, failures, options } = this.scene;
    let told = performance.now();
    for (let event = future.first; event && event.at <= end; event = future.first) {
      if (failures.length >= MOST_FAILURES) return;
      if (isHappening(event)) await this.letPeopleAct();
      else {
        future.take();
        clock.at = Math.max(clock.at + 1, event.at);
        await this.face(event);
      }
      if (performance.now() - told < TOLD_EVERY_MS) continue;
      told = performance.now();
      const day = clock.now().toISOString().slice(0, 10);
      options.say?.(`  ${day}: ${this.scene.count('mails that left')} reminders left, ${failures.length} failures`);
    }
    await this.settle();
  }

  private async face(event: Exclude<Event, Happening>): Promise<void> {
    switch (event.kind) {
      case 'queue-lost':
        this.scene.queue.loseAll();
        this.scene.note('queue lost');
        return;
      case 'slot':
        return this.meetSlot(event.platform, event.policy, event.at);
      case 'judge':
        return this.auditor.judge(event.window);
      case 'wake':
        this.scene.woken(event.at);
        return this.step(event.sweeps);
      case 'by-hand':
        return this.fleet.byHand('one', (server) =>
          this.fleet.remind(server, event.delivery, this.scene.chance.is(0.4)),
        );
      case 'run-by-hand':
        return this.fleet.byHand('run', async (server) => void (await server.adminRuns.start(event.platform.id)));
    }
  }

  private async step(sweeps: boolean): Promise<void> {
    if (await this.fleet.step(sweeps)) await this.auditor.check();
  }

  /** People do what comes before the next thing that is not theirs to do. */
  private async letPeopleAct(): Promise<void> {
    const { future, clock, source } = this.scene;
    const changed: PlatformModel[] = [];
    await source.transaction(async (tx) => {
      for (let done = 0; done < 500; done += 1) {
        const next = future.first;
        if (!next || !isHappening(next)) return;
        future.take();
        clock.at = Math.max(clock.at, next.at);
        if (next.kind !== 'policy') await this.scene.deeds.happen(tx, next);
        else if (await this.changePolicy(tx, next.platform, next.at)) changed.push(next.platform);
      }
    });
    clock.at += 1;
    for (const { id } of changed) await this.fleet.tell(id);
  }

  /** Answers whether a server hears of it at once; the others find it by themselves. */
  private async changePolicy(tx: Tx, platform: PlatformModel, at: number): Promise<boolean> {
    const policy = platform.policies.find(({ since }) => since === at);
    if (policy) await Deeds.setPolicy(tx, platform, policy);
    this.scene.note('policy changed');
    return this.scene.chance.is(0.8);
  }

  private meetSlot(platform: PlatformModel, policy: Policy, slot: number): void {
    const { queue, clock, chance, future } = this.scene;
    this.scene.note('slots');
    if (queue.tick(platform.id, cronOf(policy.rhythm), policy.zone))
      this.scene.wake(clock.at + chance.whole(1, 5_000), false);
    future.add({ at: clock.at + chance.whole(MINUTE, 15 * MINUTE), kind: 'wake', sweeps: true });
    const window = this.windowOf(platform, policy, slot);
    if (window) future.add({ at: window.until, kind: 'judge', window });
    else this.scene.note('slots without a quiet time for judging');
  }

  /** From the slot until everything was up for long enough, within the slot and under one policy. */
  private windowOf(platform: PlatformModel, policy: Policy, slot: number): Window | undefined {
    const { allDown, mailDown, mediafluxDown, end } = this.scene;
    const next = slotsBetween(policy.rhythm, policy.zone, slot + 1, slot + 15 * DAY)[0] ?? Infinity;
    const change = platform.policies.find(({ since }) => since > slot)?.since ?? Infinity;
    const isShut = (at: number): boolean =>
      isQuiet(at, policy.zone, policy.quietHours) || isClosed(at, policy.zone, policy.closedDays);
    const quarters = Array.from({ length: SETTLED_AFTER / (15 * MINUTE) + 1 }, (_, number) => number * 15 * MINUTE);
    if (policy.since >= slot - SKEW) return undefined;
    for (let from = slot + SKEW; from + SETTLED_AFTER + SKEW < Math.min(next, change, end);) {
      const until = from + SETTLED_AFTER;
      const trouble = [allDown, mailDown, mediafluxDown].flatMap((all) => overlaps(all, from, until) ?? []);
      if (trouble.length > 0) from = Math.max(...trouble.map(({ to }) => to));
      else if (quarters.some((after) => isShut(from + after))) from += 15 * MINUTE;
      else return { platform, policy, slot, until };
    }
    return undefined;
  }

  /** With everything up everything comes to an end. What a server that dies late leaves behind, others still take up. */
  private async settle(): Promise<void> {
    const { allDown, mailDown, mediafluxDown, clock } = this.scene;
    for (const all of [allDown, mailDown, mediafluxDown]) all.length = 0;
    for (let round = 0; round < 30; round += 1) {
      this.fleet.mayDie = round < 20;
      clock.at += 8 * MINUTE;
      await this.step(true);
    }
    await this.auditor.checkEnds();
  }

  async close(): Promise<void> {
    await this.fleet.close();
    await this.scene.source.destroy();
  }
}
