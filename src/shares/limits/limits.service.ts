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
              ceil(extract(epoch from least(u.oldest, r.oldest) + make_interval(secs => 86400) - now()))::int as "secondsLeft"
         from (select count(*) as count, min(created_at) as oldest
                 from upload
                where shareable_id = $1
                  and created_at > now() - make_interval(secs => 86400)) u,
              (select count(*) as count, min(at) as oldest
                 from upload_shareable_recipient
                where shareable_id = $1
                  and at > now() - make_interval(secs => 86400)) r`,
      [shareableId],
    );
    if (!used) throw new Error('A count answered nothing.');
    return { limits, used, secondsLeft: Math.max(1, used.secondsLeft) };
  }
}
