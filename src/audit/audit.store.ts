// Who changed what: one row for each change, written in the transaction that makes it and never changed afterwards.
// Rows carry ids, never an address, a token or a password.

import { Inject, Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import { type Page, pageOf, type PageQuery, decodeCursor } from '../http/index.js';
import { Ids } from '../ids/index.js';

export interface AuditChange {
  /** `admin`, `shareable:ID`, `link:DELIVERY`, or `server` for what runs by itself. */
  actor: string;
  /** Verb of the change, as in `platform.changed`. */
  action: string;
  subjectKind: string;
  subjectId: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

interface AuditRow {
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  before: unknown;
  after: unknown;
}

@Injectable()
export class AuditStore {
  constructor(@Inject(Ids) private readonly ids: Ids) {}

  async record(tx: Tx, change: AuditChange): Promise<void> {
    await rows(
      tx,
      `insert into audit_entry (id, actor, action, subject_kind, subject_id, before, after)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        this.ids.next(),
        change.actor,
        change.action,
        change.subjectKind,
        change.subjectId,
        change.before ? JSON.stringify(change.before) : null,
        change.after ? JSON.stringify(change.after) : null,
      ],
    );
  }

  /** Newest first; of one subject, if `subjectId` is given. */
  async list(tx: Tx, query: PageQuery & { subject?: string | undefined }): Promise<Page<Record<string, unknown>>> {
    const after = decodeCursor(query.cursor, ['id']);
    const found = await rows<AuditRow>(
      tx,
      `select id, at, actor, action, subject_kind, subject_id, before, after
         from audit_entry
        where ($1::uuid is null or subject_id = $1::uuid)
          and ($2::uuid is null or id < $2::uuid)
        order by id desc
        limit $3::int`,
      [query.subject ?? null, after?.[0] ?? null, query.limit + 1],
    );
    return pageOf(found, query.limit, auditItem, (entry) => [entry.id]);
  }
}

const auditItem = (entry: AuditRow) => ({
  id: entry.id,
  at: entry.at.toISOString(),
  actor: entry.actor,
  action: entry.action,
  subject: { kind: entry.subject_kind, id: entry.subject_id },
  before: entry.before,
  after: entry.after,
});
