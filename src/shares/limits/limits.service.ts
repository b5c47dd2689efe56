// Counts what a shareable did in the last 24 hours and holds it to its limits. The shareable's row is locked while it is
// counted, in the transaction that then uses it: fifty uploads at once are counted one after the other.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../../database/index.js';
import { refusalOf } from './limits.errors.js';
import {
  type LimitFault,
  limitFaults,
  type LimitQuestion,
  type LimitUse,
  type ShareableLimits,
} from './limits.rules.js';

interface Counted {
  limits: ShareableLimits;
  used: LimitUse;
  /** Until the oldest use that counts is a day old. */
  secondsLeft: number;
}

/**
 * Does the start of the upload `u` count? One that came to nothing does not, nor one that a crash cut off; one that is
 * under way does.
 */
const COUNTS = `(u.started_at is not null
                   or (u.start_failed_at is null and u.start_tried_at > now() - interval '1 hour'))`;

@Injectable()
export class ShareableLimitsService {
  /** What the limits are and what is used up of them. */
  async of(tx: Tx, shareableId: string): Promise<Counted> {
    return this.count(tx, shareableId, '');
  }

  /** What stands against the request, without counting it. */
  async faults(tx: Tx, shareableId: string, asked: LimitQuestion): Promise<LimitFault[]> {
    const { limits, used } = await this.of(tx, shareableId);
    return limitFaults(limits, used, asked);
  }

  /** Holds the shareable's row until the transaction ends. @throws LimitReached, InvalidFields */
  async hold(tx: Tx, shareableId: string, asked: LimitQuestion): Promise<void> {
    const { limits, used, secondsLeft } = await this.count(tx, shareableId, 'for update');
    const faults = limitFaults(limits, used, asked);
    if (faults.length > 0) throw refusalOf(faults, secondsLeft);
  }

  /** Counts recipients of an upload, each once for a naming. */
  async named(tx: Tx, shareableId: string, uploadId: string, personIds: readonly string[]): Promise<void> {
    await rows(
      tx,
      `insert into upload_shareable_recipient (shareable_id, upload_id, person_id)
       select $1, $2, person_id
         from unnest($3::uuid[]) as given (person_id)`,
      [shareableId, uploadId, personIds],
    );
  }

  /**
   * Counts a start that is tried again as if it were new, unless it counts already. With the upload's row held.
   * @throws LimitReached, InvalidFields
   */
  async holdAgain(tx: Tx, shareableId: string, uploadId: string, asked: LimitQuestion): Promise<void> {
    const start = await row<{ counts: boolean }>(tx, `select ${COUNTS} as counts from upload u where u.id = $1`, [
      uploadId,
    ]);
    if (start?.counts !== false) return;
    await this.hold(tx, shareableId, asked);
    await rows(tx, 'update upload set start_tried_at = now(), start_failed_at = null where id = $1', [uploadId]);
    await rows(tx, 'update upload_shareable_recipient set at = now() where upload_id = $1', [uploadId]);
  }

  /** Of these persons, those who were not named for the upload yet. */
  async unnamed(tx: Tx, uploadId: string, personIds: readonly string[]): Promise<Set<string>> {
    const found = await rows<{ person_id: string }>(
      tx,
      `select person_id
         from unnest($2::uuid[]) as given (person_id)
        where not exists (
              select 1
                from upload_shareable_recipient r
               where r.upload_id = $1
                 and r.person_id = given.person_id)`,
      [uploadId, personIds],
    );
    return new Set(found.map((person) => person.person_id));
  }

  private async count(tx: Tx, shareableId: string, lock: '' | 'for update'): Promise<Counted> {
    const limits = await row<ShareableLimits>(
      tx,
      `select uploads_per_day as "uploadsPerDay", recipients_per_day as "recipientsPerDay",
              recipient_domains as "recipientDomains"
         from upload_shareable
        where id = $1 ${lock}`,
      [shareableId],
    );
    if (!limits) throw new Error('The upload shareable is gone.');
    if (limits.uploadsPerDay === null && limits.recipientsPerDay === null)
      return { limits, used: { uploads: 0, recipients: 0 }, secondsLeft: 0 };
    const used = await row<LimitUse & { secondsLeft: number }>(
      tx,
      `select u.count as uploads, r.count as recipients,
              ceil(extract(epoch from least(u.oldest, r.oldest) + make_interval(secs => 86400) - clock_timestamp()))::int as "secondsLeft"
         from (select count(*) as count, min(u.start_tried_at) as oldest
                 from upload u
                where u.shareable_id = $1
                  and u.start_tried_at > now() - make_interval(secs => 86400)
                  and ${COUNTS}) u,
              (select count(*) as count, min(r.at) as oldest
                 from upload_shareable_recipient r
                 join upload u on u.id = r.upload_id
                where r.shareable_id = $1
                  and r.at > now() - make_interval(secs => 86400)
                  and ${COUNTS}) r`,
      [shareableId],
    );
    if (!used) throw new Error('A count answered nothing.');
    return { limits, used, secondsLeft: Math.max(1, used.secondsLeft) };
  }
}
