// How a start went and how far the client says it is. Renewing a credential sends nothing and is no progress by itself.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import type { UploadState } from './states/upload-states.rules.js';

@Injectable()
export class UploadProgressStore {
  /** Its state, which stays until the transaction ends. */
  async holdState(tx: Tx, id: string): Promise<UploadState | undefined> {
    return (await row<{ state: UploadState }>(tx, 'select state from upload where id = $1 for share', [id]))?.state;
  }

  /** Its client has a credential. Only the first is progress. */
  async started(tx: Tx, id: string): Promise<void> {
    await rows(
      tx,
      `update upload
          set started_at = now(), start_failed_at = null, last_progress_at = now()
        where id = $1
          and started_at is null`,
      [id],
    );
  }

  /** No credential was given for it: it counts for no limit, and nobody waits for it. */
  async startFailed(tx: Tx, id: string): Promise<void> {
    await rows(tx, `update upload set start_failed_at = now() where id = $1 and started_at is null`, [id]);
  }

  /** What the client says it has sent so far; another figure than before is progress. */
  async told(tx: Tx, id: string, sentBytes: number): Promise<void> {
    await rows(
      tx,
      `update upload
          set last_progress_at = case when coalesce(told_bytes, 0) <> $2 then now() else last_progress_at end,
              told_bytes = $2
        where id = $1
          and state in ('open', 'mismatch')`,
      [id, sentBytes],
    );
  }
}
