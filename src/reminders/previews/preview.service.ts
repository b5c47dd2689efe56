// Who would be reminded at a moment, when each mail would go, and why each other delivery would not. Product rule
// "Reminders" 10.

import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Transactions } from '../../database/index.js';
import { decodeCursor, NotFound, pageOf, pageQuery, queriedMoment } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { findPlatform } from '../../platforms/index.js';
import { newestSlot } from '../../schedule/index.js';
import { Clock, zonedIso } from '../../time/index.js';
import { CandidatesStore } from '../candidates.store.js';
import { departureOf } from '../departures.js';
import { isLast } from '../eligibility.rules.js';
import { policyOf, slotsOf } from '../last-reminders.js';

/** Strict: what is not understood would be a preview of another moment. */
export const previewQuery = pageQuery.extend({ at: queriedMoment.optional() }).strict();
export type PreviewQuery = z.infer<typeof previewQuery>;

@Injectable()
export class PreviewService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CandidatesStore) private readonly candidates: CandidatesStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Who would be reminded at a moment, when each mail would go, and why each other delivery would not. Of a moment that
   * has passed as the records tell it now: what happened after it does not count, but links end when they end now. Each
   * list has a cursor of its own.
   */
  async run(platformId: string, query: PreviewQuery) {
    const platform = isId(platformId) ? await findPlatform(this.transactions.pool, platformId) : undefined;
    if (!platform) throw new NotFound('platform');
    const now = query.at === undefined ? this.clock.now() : new Date(query.at);
    const schedule = { schedule: platform.reminders.schedule, timeZone: platform.timeZone };
    const slotFrom = slotsOf(platform);
    const slot = slotFrom && newestSlot(schedule, now);
    const after = decodeCursor(query.cursor, ['id'])?.[0] as string | undefined;
    const { pool } = this.transactions;
    const due = await this.candidates.page(pool, platform, now, true, after, query.limit + 1);
    const notDue = await this.candidates.page(pool, platform, now, false, after, query.limit + 1);
    return {
      slot: slot ? zonedIso(slot, platform.timeZone) : null,
      due: pageOf(
        due,
        query.limit,
        ({ id, recipient, handedOverAt, expiresAt, remindersSent }) => {
          const goesAt = expiresAt && departureOf(platform, now, expiresAt);
          return {
            deliveryId: id,
            recipient,
            expiresAt: expiresAt && zonedIso(expiresAt, platform.timeZone),
            // As the mail would say when it goes, with reminders on.
            last:
              goesAt !== null &&
              expiresAt !== null &&
              handedOverAt !== null &&
              slotFrom !== undefined &&
              isLast({ handedOverAt, expiresAt, remindersSent }, policyOf(platform), goesAt, slotFrom),
            goesAt: goesAt && zonedIso(goesAt, platform.timeZone),
          };
        },
        ({ id }) => [id],
      ),
      notDue: pageOf(
        notDue,
        query.limit,
        ({ id, reason }) => ({ deliveryId: id, reason }),
        ({ id }) => [id],
      ),
    };
  }
}
