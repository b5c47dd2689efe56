// `data-mover verify`: a downloaded folder against the manifest that was stored beside it. Needs no network.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../failures.js';
import type { Reporter } from '../report/reporter.js';
import { MANIFEST_FOLDER, type ManifestLine, placeOf, sumOf } from './download.js';

export async function verify(folder: string, reporter: Reporter): Promise<void> {
  const target = resolve(folder);
  const text = await readFile(join(target, MANIFEST_FOLDER, 'manifest.ndjson'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT'
        ? new Failure(`${target} holds no manifest of a download by this program.`, 2)
        : error;
    },
  );
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ManifestLine);
  let wrong = 0;
  let bytes = 0;
  const files = lines.filter((line) => line.type === 'file');
  for (const file of files) {
    const held = await sumOf(placeOf(target, file.path));
    bytes += file.size;
    const problem = !held
      ? 'it is missing'
      : held.size !== file.size
        ? 'it has another size'
        : held.crc32 !== file.crc32
          ? 'its content is another'
          : undefined;
    if (problem !== undefined) {
      reporter.error(problem, file.path);
      wrong += 1;
    }
  }
  if (wrong > 0)
    throw new Failure(`${wrong} of ${files.length} files are not as they were uploaded; download them again.`);
  reporter.done(
    { files: files.length, bytes, transferredBytes: 0 },
    `All ${files.length} files are as they were uploaded.`,
  );
}
