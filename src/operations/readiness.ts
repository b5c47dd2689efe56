// Is this process ready for work? Each part says for itself; one that is down turns the answer to 503, and it turns
// back by itself.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';
import { MailTransport } from '../mail/index.js';
import { Sweeps } from '../queue/index.js';

export interface PartState {
  ready: boolean;
  detail?: string;
}

@Injectable()
export class Readiness implements OnModuleInit {
  private isOpen = false;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(MailTransport) private readonly mail: MailTransport,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
  ) {}

  onModuleInit(): void {
    // Looking at Mediaflux keeps its state fresh in processes that have nothing else to ask it.
    this.sweeps.register({ name: 'mediaflux-probe', everyMs: 15_000, run: () => this.probe().then(() => undefined) });
  }

  /** Called once everything that others need to find us is written. */
  open(): void {
    this.isOpen = true;
  }

  async parts(): Promise<Record<string, PartState>> {
    const [database, mediaflux, mail] = await Promise.all([this.database(), this.probe(), this.mail.check()]);
    return { start: { ready: this.isOpen }, database, mediaflux, mail };
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

  private async probe(): Promise<PartState> {
    try {
      await this.mediaflux.probe();
      return { ready: true };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const isRefused = this.mediaflux.state.refused;
      return {
        ready: false,
        detail: isRefused
          ? 'Mediaflux refuses the service account; nothing is tried again until MEDIAFLUX_* is corrected and this process started anew.'
          : 'Mediaflux cannot be reached.',
      };
    }
  }
}
