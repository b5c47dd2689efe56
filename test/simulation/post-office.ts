// The mail server and Mediaflux as servers meet them. The one refuses, puts off, hangs and breaks, and servers die while
// they speak to it; the other is away now and then, and data in it vanish.

import type { ComposedMail } from '../../src/mail/mail-kinds.js';
import type { Addressee, HandOver } from '../../src/mail/mail-transport.js';
import { LONGEST_HAND_OVER_MS, type Step } from '../../src/mail/smtp-connections.js';
import { MediafluxError, type MediafluxGateway } from '../../src/mediaflux/index.js';
import { HOUR, isWithin } from './history.js';
import { type Letter, type Post, PostedBy } from './letters.js';
import { isHappening, type Event, type Scene, type ServerClock } from './scene.js';
import type { Edges, Server } from './server.js';

const MINUTE = 60_000;
const DIED = 'This server has died.';

export class PostOffice implements Post {
  /** Mails of which the final dot may have left. */
  readonly ended = new Set<string>();
  readonly asked = new Map<string, { at: number; isThere: boolean }[]>();
  /** Has a worker stood still too long, another one takes its work. */
  takeOver: (use: (guest: Server) => void) => Promise<void> = () => Promise.resolve();
  private letters: Letter[] = [];
  private left = 0;
  private readonly tries = new Map<string, number>();
  private pausing: Promise<void> | undefined;
  private guest: Server | undefined;

  constructor(private readonly scene: Scene) {}

  edges(clock: ServerClock): Edges {
    const { chance, queue } = this.scene;
    const mediaflux = { folderExists: (namespace: string) => this.folderExists(namespace) } as MediafluxGateway;
    const random = (): number => chance.next();
    return { clock, queue, mediaflux, random, transport: (server) => new PostedBy(server, this) };
  }

  /** What has left since the last time, in the order in which it was judged. */
  collect(): Letter[] {
    const { letters } = this;
    this.letters = [];
    return letters.sort((one, other) => one.judgedAt - other.judgedAt || one.leftAt - other.leftAt);
  }

  private folderExists(namespace: string): Promise<boolean> {
    const { at } = this.scene.clock;
    if (isWithin(this.scene.mediafluxDown, at))
      return Promise.reject(new MediafluxError('unreachable', 'Mediaflux is away in this simulation.'));
    const uploadId = namespace.split('/').at(-2) ?? '';
    const isThere = (this.scene.deeds.goneSince.get(uploadId) ?? Infinity) > at;
    const asked = this.asked.get(uploadId) ?? [];
    asked.push({ at, isThere });
    this.asked.set(uploadId, asked);
    if (!isThere) this.scene.note('data that were gone');
    return Promise.resolve(isThere);
  }

  async handOver(server: Server, mail: ComposedMail, to: Addressee): Promise<HandOver> {
    while (this.pausing && this.guest !== server) await this.pausing;
    const { scene } = this;
    const { chance, clock } = scene;
    const isReminder = to.messageId.startsWith('<reminder-');
    const fate = isReminder ? chance.next() : 1;
    const mayPause = isReminder && !this.pausing;
    if (mayPause && fate < 0.002)
      await this.pause(chance.is(0.7) ? chance.whole(1, 3_000) : chance.whole(3_000, 3 * HOUR));
    if (server.isDead) throw new Error(DIED);
    const judgedAt = to.at.getTime() - server.clock.ahead;
    const mayGo = async (step: Step): Promise<boolean> => (await to.mayGo?.(step, clock.at - judgedAt)) ?? true;
    if (isWithin(scene.mailDown, clock.at)) return { outcome: 'retry', reason: 'the connection failed (ECONNREFUSED)' };
    const begun = clock.at;
    if (!(await mayGo('start'))) return this.heldBack();
    const tries = (this.tries.get(to.messageId) ?? 0) + 1;
    this.tries.set(to.messageId, tries);
    if (fate > 0.004 && fate < 0.024 && tries <= 3)
      return { outcome: 'retry', reason: 'the mail server answered 451 to RCPT TO' };
    if (fate >= 0.036 && fate < 0.037) this.die(server);
    this.ended.add(to.messageId);
    if (!(await mayGo('final-dot'))) return this.heldBack();
    if (clock.at - begun > LONGEST_HAND_OVER_MS)
      return { outcome: 'retry', reason: 'the connection failed (ETIMEDOUT)' };
    const letter: Letter = {
      messageId: to.messageId,
      recipient: to.recipient,
      judgedAt,
      writtenFor: to.at.getTime(),
      leftAt: clock.at,
      order: (this.left += 1),
      text: mail.text,
      html: mail.html,
      notAfter: mail.notAfter?.getTime() ?? null,
      outcome: 'taken',
    };
    if (fate >= 0.024 && fate < 0.029) {
      this.letters.push({ ...letter, outcome: 'refused' });
      return { outcome: 'refused', reason: 'the mail server answered 550 to RCPT TO' };
    }
    if (fate >= 0.029 && fate < 0.03) this.die(server);
    if (fate >= 0.03 && fate < 0.034) {
      this.letters.push({ ...letter, outcome: 'no-answer' });
      return { outcome: 'unknown', reason: 'the connection failed (ECONNRESET)' };
    }
    this.letters.push(letter);
    if (fate >= 0.034 && fate < 0.035) this.die(server);
    if (mayPause && !this.pausing && fate >= 0.035 && fate < 0.036) await this.pause(chance.whole(1, 3 * HOUR));
    return { outcome: 'sent' };
  }

  private die(server: Server): never {
    server.transactions.die();
    throw new Error(DIED);
  }

  private heldBack(): HandOver {
    this.scene.note('mails held back at the last moment');
    return { outcome: 'stopped', reason: 'it was held back at the last moment' };
  }

  /** It lets one wait: time goes on, people do things, another server takes over what lapsed. */
  private async pause(length: number): Promise<void> {
    let free: () => void = () => undefined;
    this.pausing = new Promise((resolve) => (free = resolve));
    try {
      const { clock, future, source, deeds } = this.scene;
      this.scene.note('pauses of the mail server');
      const until = clock.at + length;
      for (let next = future.first; next && next.at <= until && isHarmlessEarly(next); next = future.first) {
        const happening = next;
        future.take();
        await source.transaction((tx) => deeds.happen(tx, happening));
        clock.at = Math.max(clock.at, happening.at) + 1;
      }
      clock.at = Math.max(clock.at, Math.min(until, (future.first?.at ?? Infinity) - 1));
      if (length > MINUTE && this.scene.chance.is(0.5)) await this.takeOver((guest) => (this.guest = guest));
    } finally {
      this.pausing = undefined;
      this.guest = undefined;
      free();
    }
  }
}

/** What a server that works meanwhile may see a moment early, because it makes nobody due. */
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
const isHarmlessEarly = (
  event: Event,
): event is Exclude<Event, { kind: 'policy' }> & Parameters<Scene['deeds']['happen']>[1] =>
  isHappening(event) && HARMLESS.includes(event.kind);
