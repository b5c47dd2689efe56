// The servers: which are up, which works next, what of one that died lapses.

import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { isWithin } from './history.js';
import type { DeliveryModel } from './model.js';
import type { PostOffice } from './post-office.js';
import { type Scene, SERVERS } from './scene.js';
import { isDeath, Server } from './server.js';

const MINUTE = 60_000;

export class Fleet {
  /** Servers die by chance. */
  mayDie = true;
  private readonly servers: (Server | undefined)[] = [];
  private readonly sources: (DataSource | undefined)[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly post: PostOffice,
  ) {
    post.takeOver = (use) => this.takeOver(use);
  }

  any(): Promise<Server> | undefined {
    const up = this.up();
    return up.length === 0 ? undefined : this.serverAt(this.scene.chance.of(up));
  }

  /** One server works, or all that are up at once. False: none is up. */
  async step(sweeps: boolean): Promise<boolean> {
    const { chance } = this.scene;
    const up = this.up();
    if (up.length === 0) return false;
    const isTogether = chance.is(0.25);
    const working: Server[] = [];
    for (const number of isTogether ? up : [chance.of(up)]) working.push(await this.serverAt(number));
    this.scene.note(isTogether ? 'steps together' : 'steps alone');
    for (const server of working)
      if (chance.is(0.02) && this.mayDie) server.transactions.dieAfter(chance.whole(1, 120));
    await Promise.all(working.map((server) => this.turn(server, sweeps, isTogether)));
    for (const server of working) if (server.isDead) await this.bury(server);
    await this.lookAhead();
    return true;
  }

  /** An administrator asks for a reminder or a run. */
  async byHand(what: string, act: (server: Server) => Promise<void>): Promise<void> {
    const server = await this.any();
    if (!server) return;
    try {
      await act(server);
      this.scene.note(`by hand: ${what}`);
    } catch (error) {
      if (isDeath(error)) return this.bury(server);
      if (!(
        error instanceof Error &&
        /is not to be reminded|has not been handed over|has expired|Mediaflux is away/.test(error.message)
      ))
        throw error;
      this.scene.note('by hand: refused');
    }
    this.scene.wake(this.scene.clock.at + this.scene.chance.whole(1, 5_000), false);
  }

  /** A server hears at once that a platform was changed. */
  async tell(platformId: string): Promise<void> {
    const server = await this.any();
    await server?.planner.platformChanged(platformId).catch(async (error: unknown) => {
      if (!isDeath(error)) throw error;
      await this.bury(server);
    });
  }

  async remind(server: Server, { id }: DeliveryModel, isConfirmed: boolean): Promise<void> {
    const { confirmed } = this.scene;
    // Noted before: a server may die when it has done it and before it says so.
    if (isConfirmed) confirmed.set(id, (confirmed.get(id) ?? new Set()).add(server.clock.now().getTime()));
    await server.byHand.run(id, { confirm: isConfirmed });
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source?.destroy();
  }

  private up(): number[] {
    const { clock, allDown, oneDown } = this.scene;
    if (isWithin(allDown, clock.at)) return [];
    return Array.from({ length: SERVERS }, (_, number) => number).filter(
      (number) => number === 0 || !isWithin(oneDown[number - 1] ?? [], clock.at),
    );
  }

  private async serverAt(number: number): Promise<Server> {
    const known = this.servers[number];
    if (known) return known;
    const source = await createDataSource(this.scene.options.databaseUrl).initialize();
    const server = new Server(source, this.scene.keys, this.post.edges(this.scene.aClock()));
    this.servers[number] = server;
    this.sources[number] = source;
    return server;
  }

  private async turn(server: Server, sweeps: boolean, isTogether: boolean): Promise<void> {
    const { chance } = this.scene;
    try {
      if (sweeps) await server.sweep(chance.is(0.2));
      await server.work(() => isTogether && chance.is(0.2));
    } catch (error) {
      if (isDeath(error) || server.isDead) return;
      this.scene.fail(`a job failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  /** What it held lapses; nothing of it goes on. */
  private async bury(server: Server): Promise<void> {
    const { clock, chance } = this.scene;
    this.scene.note('servers that died');
    this.scene.crashes.push(clock.at);
    const number = this.servers.indexOf(server);
    await this.sources[number]?.destroy();
    this.servers[number] = this.sources[number] = undefined;
    await this.lapse();
    this.scene.wake(clock.at + chance.whole(1_000, 30_000), true);
  }

  /** Leases go by the database's time, which stands still here: they lapse when the simulation says so. */
  private async lapse(): Promise<void> {
    for (const [table, condition] of [
      ['mail_outbox', `state = 'sending'`],
      ['reminder_run', `state in ('pending', 'selecting', 'sending')`],
    ] as const)
      await this.lapseIn(table, condition);
  }

  /** What is at work meanwhile takes rows in an order of its own. */
  private async lapseIn(table: string, condition: string): Promise<void> {
    const update = `update ${table} set lease_until = now() - interval '1 second' where ${condition} and lease_until is not null`;
    for (let tries = 1; ; tries += 1) {
      try {
        await this.scene.source.query(update);
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== '40P01' || tries === 5) throw error;
      }
    }
  }

  /** A worker stands still too long: a new server takes its mails. */
  private async takeOver(use: (guest: Server) => void): Promise<void> {
    const source = await createDataSource(this.scene.options.databaseUrl).initialize();
    const guest = new Server(source, this.scene.keys, this.post.edges(this.scene.aClock()));
    use(guest);
    this.scene.note('workers that stood still');
    this.scene.crashes.push(this.scene.clock.at);
    await this.lapse();
    await this.turn(guest, true, false);
    await source.destroy();
    if (guest.isDead) await this.lapse();
  }

  /** When somebody has to look again, because something waits. */
  private async lookAhead(): Promise<void> {
    const { source, clock, chance, mailDown, mediafluxDown, queue } = this.scene;
    const [waiting] = await source.query<{ next: Date | null; running: boolean }[]>(
      `select (select min(next_attempt_at) from mail_outbox where state = 'pending') as next,
              exists (select from reminder_run where state in ('pending', 'selecting', 'sending')) as running`,
    );
    // Through a night, or while something is away, nobody looks every minute.
    const isWaiting =
      isWithin(mailDown, clock.at) ||
      isWithin(mediafluxDown, clock.at) ||
      (waiting?.next !== null && waiting?.next !== undefined && waiting.next.getTime() > clock.at + 10 * MINUTE);
    const soon = (shortest: number, longest: number): number =>
      clock.at + (isWaiting ? chance.whole(10 * MINUTE, 40 * MINUTE) : chance.whole(shortest, longest));
    if (waiting?.next)
      this.scene.wake(
        Math.max(soon(500, MINUTE), Math.min(waiting.next.getTime() + 1, clock.at + 30 * MINUTE)),
        chance.is(0.5),
      );
    if (waiting?.running || queue.size > 0) this.scene.wake(soon(1_000, 2 * MINUTE), true);
  }
}
