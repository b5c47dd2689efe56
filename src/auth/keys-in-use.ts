// Which keys of SECRET_KEY must be there: the one that other copies make links with, those of links that may still be
// written into a mail or a page, and those of sealed secrets. A copy that lacks one refuses to start.

import { SettingsError } from '../config/index.js';
import { row, rows, type Tx } from '../database/index.js';
import type { SecretKeys } from './secret-keys.js';

const LOCK = 7_315_275;

/**
 * Records the first key as the present one. In a transaction: copies that start at once with different keys come one
 * after the other, and the second is refused.
 * @throws SettingsError a key is missing; names it by its id, which tells nothing of it
 */
export async function admitKeys(tx: Tx, keys: SecretKeys): Promise<void> {
  await rows(tx, 'select pg_advisory_xact_lock($1)', [LOCK]);
  const present = await row<{ key_id: string }>(
    tx,
    'select key_id from secret_key_in_use order by current_since desc, key_id limit 1',
  );
  const used = await rows<{ key_id: string }>(
    tx,
    `select distinct link_key_id as key_id
       from delivery
      where revoked_at is null
        and gone_at is null
        and (expires_at is null or expires_at > now())
      union
     select encode(substring(sealed_credential from 1 for 4), 'hex')
       from content_copy
      where sealed_credential is not null
     union
     select encode(substring(sealed_credential from 1 for 4), 'hex')
       from copy_logon
      order by 1`,
  );
  const needed = new Set([...(present ? [present] : []), ...used].map(({ key_id: id }) => id));
  const missing = [...needed].filter((id) => keys.byId(id) === undefined);
  if (missing.length > 0) throw new SettingsError(lacking(missing));
  if (present?.key_id === keys.current.id) return;
  await rows(
    tx,
    `insert into secret_key_in_use (key_id, current_since) values ($1, clock_timestamp())
         on conflict (key_id) do update set current_since = excluded.current_since`,
    [keys.current.id],
  );
}

const lacking = (ids: readonly string[]): string =>
  `SECRET_KEY lacks a key that is in use on this database (${ids.join(', ')}: the first 8 hexadecimal digits of its SHA-256). ` +
  'Add it behind the first, separated by a comma; see "Changing SECRET_KEY" in docs/administrators.md.';
