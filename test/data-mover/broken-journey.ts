// An upload that is broken at chosen moments: by a kill of the client, a kill of the server, or a cut of every connection,
// while it sends, while its manifest goes, while the server verifies, and while it dispatches. Each break is counted in the
// phase that it fell into.

import { expect } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { contentsOf } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { HeldProxy } from './held-proxy.js';
import { eventsIn, type Mover, type Stage } from './stage.js';

export const KINDS = ['client', 'server', 'network'] as const;
export type Kind = (typeof KINDS)[number];
export const PHASES = ['sending', 'manifest', 'verification', 'dispatch'] as const;
export type Phase = (typeof PHASES)[number];

export type Plan = Record<Phase, Kind[]>;

/** What the server asks of Mediaflux while it verifies, in this order: it is held at one of these until the break has happened. */
const WHILE_VERIFYING = [
  'asset.query',
  'secure.identity.token.destroy',
  'authorization.role.destroy',
  'asset.set',
] as const;
/** Nothing is sent to its end while these are held. */
const WHILE_SENDING = ['asset.set', 'server.io.write'];
const AT_MANIFEST = ['before', 'midst', 'after'] as const;
const AT_DISPATCH = ['complete', 'deliveries made', 'mail there'] as const;

/** Calls that tell how an upload stands. */
const OF_AN_UPLOAD = /^\/api\/v1\/uploads\/([^/]+)(?:\/complete)?$/;

/** Of all journeys, one phase is broken at a time. */
let turn = Promise.resolve();

export class BrokenJourney {
  /** As in `sending: client`. */
  readonly happened: string[] = [];
  private readonly left: Plan;
  private readonly bytesBefore: number;
  private mover!: Mover;
  private hasEnded = false;
  private hasManifestGone = false;
  private atManifest: (typeof AT_MANIFEST)[number];
  /** No call of the client's passes while a phase is broken. */
  private breaking: Promise<void> | undefined;
  private failure: { error: unknown } | undefined;

  private constructor(
    private readonly stage: Stage,
    private readonly front: HeldProxy,
    private readonly folder: string,
    private readonly recipient: string,
    plan: Plan,
    private readonly random: () => number,
  ) {
    this.left = structuredClone(plan);
    this.bytesBefore = stage.proxy.bytes;
    this.atManifest = this.draw(AT_MANIFEST);
    front.before = (method, path) => this.before(method, path);
    front.midst = (_, path) => this.breakManifest(path, 'midst');
    front.after = (_, path, answer) => this.after(path, answer);
  }

  static async begin(...given: [Stage, string, string, Plan, () => number]): Promise<BrokenJourney> {
    const [stage, folder, recipient, plan, random] = given;
    const front = await HeldProxy.before(() => stage.program.endpoints.server);
    const settings = readFileSync(stage.settings, 'utf8').replace(/<server>[^<]*</, `<server>${front.url}<`);
    writeFileSync(`${folder}.xml`, settings);
    const journey = new BrokenJourney(stage, front, folder, recipient, plan, random);
    journey.start();
    return journey;
  }

  /** At moments that are told by bytes, and not by time, so that they lie in it on any computer; each a bit later. */
  async breakSending(bytes: number): Promise<void> {
    const kinds = this.left.sending;
    for (const [index, kind] of kinds.entries()) {
      await this.stage.proxy.reaches(this.bytesBefore + (0.9 * bytes * (index + this.random())) / kinds.length);
      expect({ index, isOver: this.hasManifestGone }).toEqual({ index, isOver: false });
      await this.inTurn(() => this.break('sending', kind, WHILE_SENDING));
      this.mustBeWell();
    }
  }

  /** Until so many breaks have happened in all. */
  async hasBroken(times: number): Promise<void> {
    await until('the breaks', () => (this.happened.length >= times ? true : this.failure), 120_000);
    this.mustBeWell();
  }

  /** Is complete, however often it was broken; answers how many bytes went for each of its bytes. */
  async ends(bytes: number): Promise<number> {
    await until('the client having ended', () => this.hasEnded || this.failure, 120_000);
    this.mustBeWell();
    expect(await this.mover.finished).toMatchObject({ code: 0 });
    return (this.stage.proxy.bytes - this.bytesBefore) / bytes;
  }

  /** Every byte is there, and one delivery with one mail, however often that came. */
  async hasArrived(): Promise<void> {
    const { mailbox } = this.stage.program;
    const link = linkIn(await mailbox.next(this.recipient, /your data/));
    const out = `${this.folder}-out`;
    expect(await this.stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(this.folder));
    const mails = await this.mails();
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
    const done = eventsIn((await this.mover.finished).stdout).find(({ event }) => event === 'done');
    expect((await this.told(String(done?.['uploadId']))).deliveries).toHaveLength(1);
  }

  async close(): Promise<void> {
    await this.mover.kill();
    await this.front.close();
  }

  private start(): void {
    const args = ['--settings', `${this.folder}.xml`, '--to', this.recipient, '--json'];
    const pieces = ['--piece-above', '4MB', '--piece-size', '1MB'];
    const mover = this.stage.mover('upload', ...args, ...pieces, this.folder);
    this.mover = mover;
    // One that was killed has no code.
    void mover.finished.then(({ code }) => (this.hasEnded ||= code !== null));
  }

  private async before(method: string, path: string): Promise<void> {
    await this.breaking;
    if (path.endsWith('/manifest')) this.hasManifestGone = true;
    await this.breakManifest(path, 'before');
    const id = OF_AN_UPLOAD.exec(path)?.[1];
    if (method === 'POST' && id !== undefined && path.endsWith('/complete') && this.left.verification.length > 0)
      await new Promise<void>((isHeld) => void this.inTurn(() => this.breakVerification(id, isHeld)));
  }

  private async after(path: string, answer: string): Promise<void> {
    await this.breaking;
    await this.breakManifest(path, 'after');
    const id = OF_AN_UPLOAD.exec(path)?.[1];
    if (id === undefined || this.left.dispatch.length === 0) return;
    if ((JSON.parse(answer) as { state?: string }).state === 'complete')
      await this.inTurn(() => this.breakDispatch(id));
  }

  private async breakManifest(path: string, at: (typeof AT_MANIFEST)[number]): Promise<void> {
    const [kind] = this.left.manifest;
    if (kind === undefined || !path.endsWith('/manifest') || at !== this.atManifest) return;
    this.left.manifest.shift();
    this.atManifest = this.draw(AT_MANIFEST);
    await this.inTurn(() => this.break('manifest', kind));
    // The proxy answers nothing then: where another break is to come, so is the manifest.
    if (this.left.manifest.length > 0) throw new Error('The answer to the manifest is lost.');
  }

  /** @param isHeld called when verification cannot come to its end any more */
  private async breakVerification(id: string, isHeld: () => void): Promise<void> {
    const { faults } = this.stage.emulator;
    const kinds = this.left.verification.splice(0);
    // In the order in which they are asked, and each once: what has been done is not asked again.
    const services = this.sample(WHILE_VERIFYING, kinds.length);
    for (const [index, kind] of kinds.entries()) {
      const service = services[index] ?? WHILE_VERIFYING[0];
      const asked = () => faults.calls().filter((call) => call.service === service || call.inner.includes(service));
      const before = asked().length;
      faults.set({ service, action: { hold: true } });
      isHeld();
      await until(
        `verification asking for ${service}`,
        async () => ((await this.told(id)).state === 'verifying' && asked().length > before ? true : undefined),
        120_000,
      );
      await this.break('verification', kind);
      faults.clear();
    }
  }

  private async breakDispatch(id: string): Promise<void> {
    for (const kind of this.left.dispatch.splice(0)) {
      const at = this.draw(AT_DISPATCH);
      await until(`${at}`, async () => {
        if (at === 'mail there') return (await this.mails()).length > 0 || undefined;
        return at === 'complete' || (await this.told(id)).deliveries.length > 0 || undefined;
      });
      await this.break('dispatch', kind);
    }
  }

  /** @param services held until a server is there again, so that the phase does not end meanwhile */
  private async break(phase: Phase, kind: Kind, services: readonly string[] = []): Promise<void> {
    const { stage } = this;
    if (kind === 'client') {
      await this.mover.kill();
      this.start();
    } else if (kind === 'network') {
      stage.proxy.cut();
      this.front.cut();
    } else {
      await stage.program.kill();
      stage.emulator.faults.clear();
      for (const service of services) stage.emulator.faults.set({ service, action: { hold: true } });
      await stage.startServer();
      stage.emulator.faults.clear();
    }
    this.happened.push(`${phase}: ${kind}`);
  }

  /** What goes wrong in it is told where the journey is waited for. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const mine = turn.then(work).catch((error: unknown) => {
      this.failure ??= { error };
    });
    turn = mine;
    this.breaking = mine;
    return mine;
  }

  private mustBeWell(): void {
    if (this.failure) throw this.failure.error;
  }

  private told(id: string): Promise<{ state: string; deliveries: unknown[] }> {
    return this.stage.program.admin.expect(200, 'GET', `/api/v1/admin/uploads/${id}`);
  }

  private async mails() {
    const mails = await this.stage.program.mailbox.to(this.recipient);
    return mails.filter(({ messageId }) => messageId.startsWith('<dispatch-'));
  }

  /** So many of them, in their order. */
  private sample<T>(of: readonly T[], count: number): T[] {
    const drawn = of.map((one) => ({ one, at: this.random() })).sort((left, right) => left.at - right.at);
    const chosen = new Set(drawn.slice(0, count).map(({ one }) => one));
    return of.filter((one) => chosen.has(one));
  }

  private draw<T>(of: readonly T[]): T {
    return of[Math.floor(this.random() * of.length)] as T;
  }
}
