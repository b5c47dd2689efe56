// Credentials end with what they were made for: when a delivery was revoked or its data are gone, when a download is
// complete, and after expiry as soon as no transfer that began before it may still go on. The rule is `decideContinuation`.

import { Inject, Injectable } from '@nestjs/common';
import { rows, Transactions } from '../database/index.js';
import { STALE_AFTER_MS, TRANSFER_GRACE_MS } from '../deliveries/index.js';
import { Clock } from '../time/index.js';

@Injectable()
export class EndedTransfers {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Dooms them; the sweep of credentials destroys them. */
  async run(): Promise<void> {
    await rows(
      this.transactions.pool,
      `update mediaflux_credential c
          set destroy_requested_at = now()
         from delivery d
        where d.id = c.delivery_id
          and c.destroyed_at is null
          and c.destroy_requested_at is null
          and (d.revoked_at is not null
               or d.gone_at is not null
               or exists (
                 select 1
                   from download w
                  where w.id = c.download_id
                    and (w.state = 'completed'
                         or d.expires_at <= $1::timestamptz - make_interval(secs => $2)
                         or (d.expires_at <= $1::timestamptz
                             and w.last_progress_at <= $1::timestamptz - make_interval(secs => $3)))))`,
      [this.clock.now(), TRANSFER_GRACE_MS / 1_000, STALE_AFTER_MS / 1_000],
    );
  }
}
