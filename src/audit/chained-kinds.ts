// What is chained. Each feature registers its append-only tables; which columns are sealed, and in which order, is
// fixed for good: seals that were made with them must go on to verify.

import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';

/** The chain of what belongs to no platform. */
export const ADMINISTRATION = 'administration';

export interface ChainedKind {
  /** Stands in every seal. */
  kind: string;
  table: string;
  /** SQL of the chain's name, over the table as `e`. */
  chain: string;
  /** SQL of when the entry was written. */
  recordedAt: string;
  /** SQL of each sealed column as text. */
  fields: readonly string[];
}

/** SQL of an instant as seals hold it. */
export const sealedInstant = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const auditEntries: ChainedKind = {
  kind: 'audit-entry',
  table: 'audit_entry',
  chain: `'${ADMINISTRATION}'`,
  recordedAt: 'e.at',
  fields: [
    'e.id::text',
    sealedInstant('e.at'),
    'e.actor',
    'e.action',
    'e.subject_kind',
    'e.subject_id::text',
    'e.before::text',
    'e.after::text',
  ],
};

@Injectable()
export class ChainedKinds {
  readonly all: ChainedKind[] = [auditEntries];

  get names(): string[] {
    return this.all.map(({ kind }) => kind);
  }

  register(...kinds: readonly ChainedKind[]): void {
    this.all.push(...kinds);
  }
}

/** The sealed columns of entries, by id; an entry that is not there has none. Instants are told in UTC. */
export async function fieldsOf(
  tx: Tx,
  kinds: readonly ChainedKind[],
  entries: readonly { kind: string; entryId: string }[],
): Promise<Map<string, (string | null)[]>> {
  const found = new Map<string, (string | null)[]>();
  for (const kind of kinds) {
    const ids = entries.filter((entry) => entry.kind === kind.kind).map((entry) => entry.entryId);
    if (ids.length === 0) continue;
    const held = await rows<{ id: string; fields: (string | null)[] }>(
      tx,
      `select e.id, array[${kind.fields.join(', ')}]::text[] as fields from ${kind.table} e where e.id = any($1::uuid[])`,
      [ids],
    );
    for (const { id, fields } of held) found.set(id, fields);
  }
  return found;
}
