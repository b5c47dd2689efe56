// Takes a manifest as a stream of lines: one pass, memory that does not grow with it, all or nothing.

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CopyStreams, type CopyValue } from '../database/index.js';
import { parseManifestLine } from './manifest.rules.js';
import { ManifestFaulty, UploadNotInState } from './uploads.errors.js';

const MOST_FAULTS = 20;
const LONGEST_LINE_CHARACTERS = 32 * 1024;

@Injectable()
export class ManifestService {
  constructor(@Inject(CopyStreams) private readonly copies: CopyStreams) {}

  /**
   * Replaces the upload's manifest. What is wrong is told by line number, and the former manifest stands.
   * @throws ManifestFaulty, UploadNotInState
   */
  async replace(uploadId: string, body: AsyncIterable<Buffer>): Promise<void> {
    const manifestId = randomUUID();
    const columns = ['manifest_id', 'line', 'path', 'type', 'size', 'crc32', 'modified_at'];
    await this.copies.load('manifest_entry', columns, entryRows(manifestId, body), async (client) => {
      const totals = await client.query<{ files: string; bytes: string }>(
        `select count(*) filter (where type = 'file') as files, coalesce(sum(size), 0) as bytes from manifest_entry where manifest_id = $1`,
        [manifestId],
      );
      const { files = '0', bytes = '0' } = totals.rows[0] ?? {};
      if (files === '0') throw new ManifestFaulty([{ path: 'line 1', message: 'there is no file in it' }]);
      if (!Number.isSafeInteger(Number(bytes)))
        throw new ManifestFaulty([{ path: 'line 1', message: 'the sizes add up to more than 2^53 bytes' }]);
      const doubled = await client.query<{ line: string }>(
        `select max(line) as line from manifest_entry where manifest_id = $1 group by path having count(*) > 1 order by 1 limit ${MOST_FAULTS}`,
        [manifestId],
      );
      if (doubled.rows.length > 0) {
        throw new ManifestFaulty(
          doubled.rows.map(({ line }) => ({ path: `line ${line}`, message: 'its path stands on an earlier line too' })),
        );
      }
      const upload = await client.query<{ state: string; manifest_id: string | null }>(
        'select state, manifest_id from upload where id = $1 for update',
        [uploadId],
      );
      const former = upload.rows[0];
      if (former?.state !== 'open' && former?.state !== 'mismatch') {
        throw new UploadNotInState(former?.state ?? 'gone', 'its manifest can no longer be changed');
      }
      await client.query(
        'update upload set manifest_id = $2, files = $3, bytes = $4, last_progress_at = now() where id = $1',
        [uploadId, manifestId, files, bytes],
      );
      if (former.manifest_id !== null)
        await client.query('delete from manifest_entry where manifest_id = $1', [former.manifest_id]);
    });
  }
}

async function* entryRows(manifestId: string, body: AsyncIterable<Buffer>): AsyncGenerator<readonly CopyValue[]> {
  const faults: { path: string; message: string }[] = [];
  let number = 0;
  for await (const line of lines(body)) {
    number += 1;
    if (line.trim() === '') continue;
    const parsed = line.length > LONGEST_LINE_CHARACTERS ? { problem: 'it is too long' } : parseManifestLine(line);
    if ('problem' in parsed) {
      faults.push({ path: `line ${number}`, message: parsed.problem });
      if (faults.length >= MOST_FAULTS) break;
    } else if (faults.length === 0) {
      const { entry } = parsed;
      yield entry.type === 'file'
        ? [manifestId, number, entry.path, 'file', entry.size, entry.crc32, entry.modifiedAt]
        : [manifestId, number, entry.path, 'directory', 0, null, null];
    }
  }
  if (faults.length > 0) throw new ManifestFaulty(faults);
}

/** Lines of the stream; a line beyond the bound is cut, so that memory stays bounded. */
async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  let held = '';
  for await (const chunk of body) {
    const parts = (held + decoder.decode(chunk, { stream: true })).split('\n');
    held = parts.pop() ?? '';
    if (held.length > LONGEST_LINE_CHARACTERS) held = held.slice(0, LONGEST_LINE_CHARACTERS + 1);
    yield* parts;
  }
  held += decoder.decode();
  if (held !== '') yield held;
}
