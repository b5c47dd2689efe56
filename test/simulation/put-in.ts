// The rows of platforms, people, uploads and deliveries, in bulk. Nothing of them has been handed over yet.

import type { Tx } from '../../src/database/index.js';
import { insertMany, personRow, uploadRow } from '../support/make.js';
import type { DeliveryModel, PlatformModel } from './model.js';

const AT_ONCE = 5_000;

export async function putIn(
  tx: Tx,
  platforms: readonly PlatformModel[],
  deliveries: readonly DeliveryModel[],
  keyId: string,
): Promise<void> {
  const told = platforms.flatMap(({ id, operatorId }) => (operatorId === null ? [] : [{ id, operatorId }]));
  await insertMany(
    tx,
    'platform',
    platforms.map(({ id, operatorId, name, namespace, lifetime }) => ({
      id,
      name,
      namespace,
      time_zone: 'UTC',
      link_lifetime: `P${lifetime / 86_400_000}D`,
      methods: ['data-mover', 'direct', 'copy'],
      contact_name: 'Desk',
      contact_email: 'desk@example.org',
      language: 'en',
      notify_on_access: false,
      partial_counts: true,
      direct_limit_bytes: 1,
      stall_notice: 'P1D',
      stall_limit: 'P7D',
      mail_texts: {},
      reminders_enabled: false,
      reminder_schedule: '0 9 * * 1',
      reminder_minimum_age: 'PT24H',
      reminder_minimum_spacing: 'PT24H',
      reminder_operator_notice: operatorId === null ? 'none' : 'shareable',
      reminder_notice_form: 'run',
      reminder_digest: false,
      reminder_policy_version: 1,
      created_at: new Date(0),
      updated_at: new Date(0),
    })),
  );
  await insertMany(
    tx,
    'person',
    told.map(({ operatorId }) => ({ ...personRow(operatorId), created_at: new Date(0) })),
  );
  // A platform has one shareable, which is named as the platform is.
  for (const { id, operatorId } of told) {
    await tx.query(
      `insert into upload_shareable (id, platform_id, label, ask_name, ask_keywords) values ($1, $1, 'PC', false, false)`,
      [id],
    );
    await tx.query(`insert into upload_shareable_notify (shareable_id, person_id, position) values ($1, $2, 0)`, [
      id,
      operatorId,
    ]);
  }
  const persons = new Set<string>();
  let used = 0;
  const uploads = new Set<string>();
  const isNew = (known: Set<string>, id: string): boolean => known.size < known.add(id).size;
  for (let from = 0; from < deliveries.length; from += AT_ONCE) {
    const some = deliveries.slice(from, from + AT_ONCE);
    const newPersons = some.filter(({ personId }) => isNew(persons, personId));
    await insertMany(
      tx,
      'person',
      newPersons.map(({ personId }) => ({ ...personRow(personId), created_at: new Date(0) })),
    );
    const newUploads = some.filter(({ uploadId }) => isNew(uploads, uploadId));
    await insertMany(
      tx,
      'upload',
      newUploads.map(({ uploadId, platform: { id, operatorId } }) => ({
        ...uploadRow(id, uploadId),
        shareable_id: operatorId === null ? null : id,
        use_number: operatorId === null ? null : (used += 1),
      })),
    );
    await insertMany(
      tx,
      'delivery',
      some.map(({ id, uploadId, personId, platform, ordinal }) => ({
        id,
        upload_id: uploadId,
        platform_id: platform.id,
        person_id: personId,
        ordinal,
        link_lifetime: `P${platform.lifetime / 86_400_000}D`,
        link_generation: 0,
        link_key_id: keyId,
        created_at: new Date(0),
        expiry_edition: 0,
      })),
    );
  }
}
