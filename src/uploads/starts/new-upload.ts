// What is recorded of an upload that begins.

import { row, rows, type Tx } from '../../database/index.js';

export interface NewUpload {
  id: string;
  platformId: string;
  shareableId: string;
  useNumber: number;
  folder: string;
  folderNamespace: string;
  dataNamespace: string;
  keywords: string[];
  nameSuffix: string | null;
  note: string | null;
  operatorName: string | null;
  operatorPersonId: string | null;
  youngestFileAt: Date;
  client: { program: string | null; host: string | null; os: string | null };
  /** How far the client's clock is ahead. */
  skewSeconds: number | null;
  warnings: string[];
}

/** The next use of the shareable: one statement, so that no two uploads ever get the same number. */
export async function takeUse(
  tx: Tx,
  shareableId: string,
  host: string | null,
  program: string | null,
): Promise<{ number: number; use: number }> {
  const taken = await row<{ number: number; uses: number }>(
    tx,
    `update upload_shareable
        set uses = uses + 1, last_used_at = now(), last_used_host = $2, last_used_program = $3
      where id = $1
  returning number, uses`,
    [shareableId, host, program],
  );
  if (!taken) throw new Error('The upload shareable is gone.');
  return { number: taken.number, use: taken.uses };
}

export async function insertUpload(tx: Tx, upload: NewUpload): Promise<void> {
  await rows(
    tx,
    `insert into upload (
       id, platform_id, shareable_id, use_number, folder, folder_namespace, data_namespace, state, keywords, name_suffix,
       note, operator_name, operator_person_id, youngest_file_at, client_program, client_host, client_os, warnings,
       client_clock_skew_seconds)
     values ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [
      upload.id,
      upload.platformId,
      upload.shareableId,
      upload.useNumber,
      upload.folder,
      upload.folderNamespace,
      upload.dataNamespace,
      upload.keywords,
      upload.nameSuffix,
      upload.note,
      upload.operatorName,
      upload.operatorPersonId,
      upload.youngestFileAt,
      upload.client.program,
      upload.client.host,
      upload.client.os,
      upload.warnings,
      upload.skewSeconds,
    ],
  );
}
