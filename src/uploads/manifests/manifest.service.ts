// Takes a manifest as a stream of lines: one pass, memory that does not grow with it, all or nothing.

import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { ClientStreams } from '../../database/index.js';
import { Ids } from '../../ids/index.js';
import { nameClashes } from './manifest-clashes.js';
import { MANIFEST_COLUMNS, manifestRows, type ManifestTotals, noTotals } from './manifest-lines.js';
import { begun, pacedParts } from './manifest-pace.js';
import { longPathsWarning, windowsWarning } from './windows-names.rules.js';
import { ManifestCut, ManifestFaulty, UploadNotInState } from '../uploads.errors.js';

/** Of one shareable: a token that many clients use, or a thief, takes a part of the connections only. */
const AT_ONCE = 2;
const MOST_CLASHES_NAMED = 5;

@Injectable()
export class ManifestService {
  private readonly turns = new Map<string, LimitFunction>();

  constructor(
    @Inject(ClientStreams) private readonly copies: ClientStreams,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  /**
   * Replaces the upload's manifest. What is wrong is told by line number, and the former manifest stands.
   * No connection to the database is taken before a part of it, or all, is here, and two at once for a shareable.
   * Answers the id of this manifest.
   * @throws ManifestFaulty, ManifestCut, ManifestSlow, UploadNotInState
   */
  async replace(uploadId: string, shareableId: string, body: Readable): Promise<string> {
    try {
      const parts = await begun(pacedParts(body));
      return await this.inTurn(shareableId, () => this.load(uploadId, parts));
    } catch (error) {
      if (body.destroyed && !body.readableEnded) throw new ManifestCut({ cause: error });
      // What is left is read and dropped: a connection that is closed meanwhile would lose the answer.
      body.resume();
      throw error;
    }
  }

  private async inTurn<T>(shareableId: string, work: () => Promise<T>): Promise<T> {
    const turns = this.turns.get(shareableId) ?? pLimit(AT_ONCE);
    this.turns.set(shareableId, turns);
    try {
      return await turns(work);
    } finally {
      if (turns.activeCount + turns.pendingCount === 0) this.turns.delete(shareableId);
    }
  }

  private async load(uploadId: string, body: AsyncIterable<Buffer>): Promise<string> {
    const manifestId = this.ids.next();
    const totals = noTotals();
    await this.copies.load(
      'manifest_entry',
      MANIFEST_COLUMNS,
      manifestRows(manifestId, body, totals),
      async (client) => {
        mustHoldFiles(totals);
        const { notForWindows, tooLongForWindows } = totals;
        const clashes = await nameClashes(client, manifestId, totals.folds);
        const warnings = [
          ...clashWarnings(clashes),
          ...windowsWarning(notForWindows.count, notForWindows.examples),
          ...longPathsWarning(tooLongForWindows.count, tooLongForWindows.examples),
        ];
        const notThere = notForWindows.count + tooLongForWindows.count + clashes.length;
        const upload = await client.query<{ state: string; manifest_id: string | null }>(
          'select state, manifest_id from upload where id = $1 for update',
          [uploadId],
        );
        const former = upload.rows[0];
        if (former?.state !== 'open' && former?.state !== 'mismatch') {
          throw new UploadNotInState(former?.state ?? 'gone', 'its manifest can no longer be changed');
        }
        await client.query(
          `update upload
            set manifest_id = $2, files = $3, bytes = $4, manifest_warnings = $5,
                names_not_for_windows = $6, last_progress_at = now()
          where id = $1`,
          [uploadId, manifestId, totals.files, totals.bytes, warnings, notThere],
        );
        if (former.manifest_id !== null)
          await client.query('delete from manifest_entry where manifest_id = $1', [former.manifest_id]);
      },
    );
    return manifestId;
  }
}

function mustHoldFiles({ files, bytes }: ManifestTotals): void {
  if (files === 0) throw new ManifestFaulty([{ path: 'line 1', message: 'there is no file in it' }]);
  if (!Number.isSafeInteger(bytes))
    throw new ManifestFaulty([{ path: 'line 1', message: 'the sizes add up to more than 2^53 bytes' }]);
}

function clashWarnings(clashes: readonly string[]): string[] {
  if (clashes.length === 0) return [];
  const named = clashes.slice(0, MOST_CLASHES_NAMED);
  const more = clashes.length - named.length;
  return [
    `Windows and macOS take these names for one and the same, so that only one of them can be fetched there: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  ];
}
