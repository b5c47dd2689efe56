// Versions of reminder policies: written by the transaction that changes the platform, never changed afterwards, and
// sealed in the platform's chain.

import { Inject, Injectable } from '@nestjs/common';
import { type ChainedKind, sealedInstant } from '../../audit/index.js';
import { rows, type Tx } from '../../database/index.js';
import { decodeCursor, type PageQuery } from '../../http/index.js';
import { Ids } from '../../ids/index.js';
import type { ReminderPolicy } from './reminder-policy.js';

/** The columns and their order are fixed for good. */
export const reminderPolicyVersions: ChainedKind = {
  kind: 'reminder-policy-version',
  table: 'reminder_policy_version',
  chain: 'e.platform_id::text',
  recordedAt: 'e.at',
  fields: [
    'e.id::text',
    'e.platform_id::text',
    'e.version::text',
    'e.actor',
    'e.before::text',
    'e.after::text',
    sealedInstant('e.at'),
  ],
};

interface NewVersion {
  platformId: string;
  version: number;
  actor: string;
  before?: ReminderPolicy;
  after: ReminderPolicy;
}

interface VersionRow {
  version: number;
  at: Date;
  actor: string;
  before: ReminderPolicy | null;
  after: ReminderPolicy;
}

@Injectable()
export class PolicyVersionsStore {
  constructor(@Inject(Ids) private readonly ids: Ids) {}

  async append(tx: Tx, { platformId, version, actor, before, after }: NewVersion): Promise<void> {
    await rows(
      tx,
      `insert into reminder_policy_version (id, platform_id, version, actor, before, after)
       values ($1, $2, $3, $4, $5, $6)`,
      [this.ids.next(), platformId, version, actor, before ?? null, after],
    );
  }

  /** Up to one more than `query.limit`, newest first. */
  list(tx: Tx, platformId: string, query: PageQuery): Promise<VersionRow[]> {
    return rows<VersionRow>(
      tx,
      `select version, at, actor, before, after
         from reminder_policy_version
        where platform_id = $1
          and ($2::int is null or version < $2::int)
        order by version desc
        limit $3::int`,
      [platformId, decodeCursor(query.cursor, ['number'])?.[0] ?? null, query.limit + 1],
    );
  }
}
