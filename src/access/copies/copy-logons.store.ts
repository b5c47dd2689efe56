// Logons between the choice of a destination and its confirmation. A handle opens its row behind its own link only.

import { Injectable } from '@nestjs/common';
import { sealedWith } from '../../auth/index.js';
import { row, rows, type Tx } from '../../database/index.js';

export interface KeptLogon {
  id: string;
  sealed_credential: Buffer;
  /** Empty for a token that the user gave. */
  credential_id: string;
  expires_at: Date;
}

@Injectable()
export class CopyLogonsStore {
  async insert(
    tx: Tx,
    logon: {
      id: string;
      handleSha256: Buffer;
      deliveryId: string;
      sealed: Buffer;
      credentialId: string;
      expiresAt: Date;
    },
  ): Promise<void> {
    await rows(
      tx,
      `insert into copy_logon (id, handle_sha256, delivery_id, sealed_credential, credential_id, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [logon.id, logon.handleSha256, logon.deliveryId, logon.sealed, logon.credentialId, logon.expiresAt],
    );
  }

  find(tx: Tx, handleSha256: Buffer, deliveryId: string, now: Date): Promise<KeptLogon | undefined> {
    return row<KeptLogon>(
      tx,
      `select id, sealed_credential, credential_id, expires_at
         from copy_logon
        where handle_sha256 = $1
          and delivery_id = $2
          and expires_at > $3`,
      [handleSha256, deliveryId, now],
    );
  }

  /** Takes it out, for one use. */
  take(tx: Tx, handleSha256: Buffer, deliveryId: string, now: Date): Promise<KeptLogon | undefined> {
    return row<KeptLogon>(
      tx,
      `delete from copy_logon
        where handle_sha256 = $1
          and delivery_id = $2
          and expires_at > $3
    returning id, sealed_credential, credential_id, expires_at`,
      [handleSha256, deliveryId, now],
    );
  }

  /**
   * Some that nobody can use any more: past their time, or of a delivery that was revoked or is gone.
   *
   * @param keyIds of the keys that are held here: what another copy of the program sealed with its own is left to it
   */
  over(tx: Tx, now: Date, keyIds: readonly string[]): Promise<KeptLogon[]> {
    return rows<KeptLogon>(
      tx,
      `select l.id, l.sealed_credential, l.credential_id, l.expires_at
         from copy_logon l
         join delivery d on d.id = l.delivery_id
        where ${sealedWith('l.sealed_credential', '$2')}
          and (l.expires_at <= $1
               or d.revoked_at is not null
               or d.gone_at is not null)
        order by l.expires_at, l.id
        limit 20`,
      [now, keyIds],
    );
  }

  /** Those whose tokens have ended by themselves. */
  async removeOld(tx: Tx, expiredBy: Date): Promise<void> {
    await rows(tx, 'delete from copy_logon where expires_at <= $1', [expiredBy]);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await rows(tx, 'delete from copy_logon where id = $1', [id]);
  }
}
