// A database as it is after years: any number of deliveries, with links, events and what is known of clients.

import type { Client } from 'pg';
import { SecretKeys } from '../../src/auth/index.js';

const TO_AN_UPLOAD = 2;
const FILES = 3;

/** Of a `SECRET_KEY`, by which deliveries name the key that their links are made with. */
export const keyIdOf = (secretKey: string): string => new SecretKeys([Buffer.from(secretKey, 'base64')]).current.id;

/** Of the share link of a delivery that `addDeliveries` made. */
export const tokenOf = (deliveryId: string): string => `made-${deliveryId.replaceAll('-', '')}`;

/**
 * Adds deliveries that were handed over and viewed once by a client each, of uploads of three files in two folders to
 * two people. Without triggers: these events wait for no seal. Answers the ids of the deliveries.
 *
 * @param client connected as a superuser
 * @param keyId of the program's SECRET_KEY, by which pages derive the token that they show
 */
export async function addDeliveries(
  client: Client,
  platformId: string,
  keyId: string,
  count: number,
): Promise<string[]> {
  await client.query('begin');
  await client.query('set local session_replication_role = replica');
  await client.query(
    `create temporary table made on commit drop as
     select nth, gen_random_uuid() as upload_id, gen_random_uuid() as manifest_id
       from generate_series(1, ceil($1::int / ${TO_AN_UPLOAD}.0)::int) nth`,
    [count],
  );
  await client.query(
    `create temporary table sent on commit drop as
     select uuidv7(make_interval(secs => n - $1::int)) as event_id, gen_random_uuid() as id, gen_random_uuid() as person_id,
            made.upload_id
       from generate_series(1, $1::int) n
       join made on made.nth = ceil(n / ${TO_AN_UPLOAD}.0)`,
    [count],
  );
  await client.query(
    `insert into upload (id, platform_id, folder, folder_namespace, data_namespace, state, keywords, youngest_file_at,
                         completed_at, dispatched_at, files, bytes, manifest_id, operator_name)
     select upload_id, $1, '2026-03-01_09.00.00-1-1-scope1-fish', '/bench/' || upload_id, '/bench/' || upload_id || '/data',
            'complete', '{fish,zebra}', now(), now(), now(), ${FILES}, 30000000000, manifest_id, 'Ada'
       from made`,
    [platformId],
  );
  await client.query(
    `insert into manifest_entry (manifest_id, line, path, type, size, crc32)
     select manifest_id, line, case when line > 1 then 'raw/' else '' end || 'image-' || line || '.tif', 'file', 6000000000, '0a1b2c3d'
       from made
      cross join generate_series(1, ${FILES}) line`,
  );
  await client.query(
    `insert into manifest_folder (manifest_id, number, parent, path, files, bytes)
     select manifest_id, number, parent, path, files, files * 6000000000
       from made
      cross join (values (1, null, '', ${FILES}), (2, 1, 'raw', ${FILES} - 1)) folder (number, parent, path, files)`,
  );
  await client.query(
    `insert into manifest_run (manifest_id, folder, first_line, last_line)
     select manifest_id, folder, first_line, last_line
       from made
      cross join (values (1, 1, 1), (2, 2, ${FILES})) run (folder, first_line, last_line)`,
  );
  await client.query(
    `insert into person (id, address, address_key)
     select person_id, person_id || '@example.org', person_id || '@example.org' from sent`,
  );
  await client.query(
    `insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id, handed_over_at, expires_at)
     select id, upload_id, $1, person_id, 0, 'P30D', $2, now() - interval '2 days', now() + interval '28 days' from sent`,
    [platformId, keyId],
  );
  await client.query(
    `insert into delivery_link (token_sha256, delivery_id, generation, purpose)
     select sha256(convert_to(kind.prefix || replace(id::text, '-', ''), 'UTF8')), id, 0, kind.purpose
       from sent
      cross join (values ('made-', 'share'), ('made-unsubscribe-', 'unsubscribe')) kind (prefix, purpose)`,
  );
  await client.query(
    `insert into access_event (id, delivery_id, platform_id, method, phase, counts, at)
     select event_id, id, $1, 'page', 'viewed', false, now() - interval '1 day' from sent order by event_id`,
    [platformId],
  );
  await client.query(
    `insert into access_client (event_id, delivery_id, program, address_hash, agent_hash, is_head, followed_hidden_link, at)
     select event_id, id, 'browser', substring(sha256(convert_to(id::text, 'UTF8')), 1, 16), '\\x00112233445566778899aabbccddeeff',
            false, false, now() - interval '1 day'
       from sent
      order by event_id`,
  );
  const { rows } = await client.query<{ id: string }>('select id from sent order by random() limit 50000');
  await client.query('commit');
  await client.query('vacuum analyze');
  return rows.map(({ id }) => id);
}
