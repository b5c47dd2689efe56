// Is this process ready for work? Each part says for itself; one that is down turns the answer to 503, and it turns
// back by itself.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { MailTransport } from '../mail/index.js';
import { JobQueue, Sweeps } from '../queue/index.js';
import { Clock } from '../time/index.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface PartState {
  ready: boolean;
  detail?: string;
  /** Mediaflux: whole days until the service's own token ends, where it has an end that is told. */
  tokenDaysLeft?: number;
  /** Mediaflux: `open` while calls fail at once, without a try, as after a refused logon. */
  breaker?: 'open' | 'closed';
}

@Injectable()
export class Readiness implements OnModuleInit {
  private isOpen = false;
  private tokenEnd: { askedAt: number; at: Date | undefined } | undefined;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(MailTransport) private readonly mail: MailTransport,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    // Looking at Mediaflux keeps its state fresh in processes that have nothing else to ask it.
    this.sweeps.register({
      name: 'mediaflux-probe',
      everyMs: 15_000,
      isUpkeep: true,
      run: () => this.probe().then(() => undefined),
    });
  }

  /** Called once everything that others need to find us is written. */
  open(): void {
    this.isOpen = true;
  }

  async parts(): Promise<Record<string, PartState>> {
    const [database, mediaflux, mail, queue] = await Promise.all([
      this.database(),
      this.probe(),
      this.mail.check(),
      this.queue.check(),
    ]);
    return { start: { ready: this.isOpen }, database, mediaflux, mail, ...(queue && { queue }) };
  }

  private async database(): Promise<PartState> {
    try {
      await this.transactions.pool.query('select 1');
      return { ready: true };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { ready: false, detail: 'PostgreSQL cannot be reached.' };
    }
  }

  /** Asked anew once an hour: it changes only when somebody changes the settings. One that cannot be told now is asked again. */
  private async daysLeftOfToken(): Promise<number | undefined> {
    const now = this.clock.now().getTime();
    if (!this.tokenEnd || now - this.tokenEnd.askedAt > HOUR_MS) {
      try {
        this.tokenEnd = { askedAt: now, at: await this.mediaflux.tokenEnd() };
      } catch (error) {
        if (!isMediafluxError(error)) throw error;
      }
    }
    const at = this.tokenEnd?.at;
    return at === undefined ? undefined : Math.floor((at.getTime() - now) / DAY_MS);
  }

  private async probe(): Promise<PartState> {
    try {
      await this.mediaflux.probe();
      const daysLeft = await this.daysLeftOfToken();
      return { ready: true, breaker: this.breaker, ...(daysLeft === undefined ? {} : { tokenDaysLeft: daysLeft }) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { ready: false, breaker: this.breaker, detail: this.whyNotReady(error) };
    }
  }

  private get breaker(): 'open' | 'closed' {
    const { breakerOpen, refused, logonPauseMs } = this.mediaflux.state;
    return breakerOpen || refused || logonPauseMs > 0 ? 'open' : 'closed';
  }

  private whyNotReady(error: Error): string {
    const { refused, logonPauseMs } = this.mediaflux.state;
    if (refused)
      return 'Mediaflux refuses the service account; nothing is tried again until MEDIAFLUX_* is corrected and this process started anew.';
    if (logonPauseMs > 0) {
      const minutes = Math.ceil(logonPauseMs / MINUTE_MS);
      return `Mediaflux does not take the logon of the service account, in words that may mean something that passes; the next try is in ${minutes} min. If it stays so, check MEDIAFLUX_*.`;
    }
    if (isMediafluxError(error, 'busy')) return 'Mediaflux is busy or under maintenance.';
    return isMediafluxError(error) && error.kind !== 'unreachable'
      ? `Mediaflux answers with an error (${error.kind}).`
      : 'Mediaflux cannot be reached.';
  }
}
