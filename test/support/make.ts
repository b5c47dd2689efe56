// Valid rows with only what matters written out.

import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';

export async function makePlatform(database: DataSource, fields: Record<string, unknown> = {}): Promise<string> {
  const id = typeof fields['id'] === 'string' ? fields['id'] : randomUUID();
  await insert(database, 'platform', {
    id,
    name: 'Microscopy',
    namespace: '/projects/proj-a',
    time_zone: 'UTC',
    link_lifetime: 'P30D',
    methods: ['direct'],
    contact_name: 'Desk',
    contact_email: 'desk@example.org',
    language: 'en',
    notify_on_access: true,
    partial_counts: true,
    direct_limit_bytes: 1,
    reminders_enabled: true,
    reminders_enabled_at: new Date('2025-01-01T00:00:00Z'),
    reminder_schedule: '0 0 * * 6',
    reminder_minimum_age: 'PT24H',
    reminder_minimum_spacing: 'PT24H',
    reminder_maximum: null,
    reminder_operator_notice: 'none',
    ...fields,
  });
  return id;
}

export const personRow = (id: string = randomUUID()) => ({
  id,
  address: `${id}@example.org`,
  address_key: `${id}@example.org`,
});

export async function makePerson(database: DataSource): Promise<string> {
  const made = personRow();
  await insert(database, 'person', made);
  return made.id;
}

export const uploadRow = (platformId: string, id: string = randomUUID()) => ({
  id,
  platform_id: platformId,
  folder: id,
  folder_namespace: `/projects/proj-a/${id}`,
  data_namespace: `/projects/proj-a/${id}/data`,
  state: 'complete',
  keywords: [],
  youngest_file_at: new Date('2025-01-01T00:00:00Z'),
  completed_at: new Date('2025-01-01T00:00:00Z'),
});

export async function makeUpload(
  database: DataSource,
  platformId: string,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const made = uploadRow(platformId);
  await insert(database, 'upload', { ...made, ...fields });
  return made.id;
}

export async function makeDelivery(
  database: DataSource,
  uploadId: string,
  platformId: string,
  personId: string,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const id = randomUUID();
  await insert(database, 'delivery', {
    id,
    upload_id: uploadId,
    platform_id: platformId,
    person_id: personId,
    ordinal: 0,
    link_lifetime: 'P30D',
    link_key_id: 'x',
    ...fields,
  });
  return id;
}

export async function insert(database: DataSource, table: string, fields: Record<string, unknown>): Promise<void> {
  const names = Object.keys(fields);
  await database.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(fields),
  );
}

/** All rows in one statement; each has the columns of the first. */
export async function insertMany(
  database: Pick<EntityManager, 'query'>,
  table: string,
  made: readonly Record<string, unknown>[],
): Promise<void> {
  const [first] = made;
  if (!first) return;
  const columns = Object.keys(first).join(', ');
  await database.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(made)],
  );
}
