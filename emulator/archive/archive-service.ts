// `asset.archive.create` (reference 2.5 and 5.4): an archive of what a query finds. `for=user` makes it obey the caller's
// rights, which every query here does anyway. Made as zip and tar.gz; what an `aar` holds, or where the metadata of
// `parts=meta` goes, is not known, so both are refused, and so is any argument that would change the archive in a way not
// known here. All that can be wrong is told before the first byte.

import { Readable } from 'node:stream';
import { invalidArgument, ServiceFault } from '../faults.js';
import type { Call, ServiceTable } from '../services/service.js';
import { normalPath } from '../store/paths.js';
import { type Element, exactTextOf, textOf } from '../xml/element.js';
import { entries, planned } from './archive-entries.js';
import { zipAtOnce } from './zip-at-once.js';
import { writeTarGz } from './tar-writer.js';
import { type ArchiveEntry, LONGEST_ZIP_NAME, writeZip } from './zip-writer.js';

export const archiveServices: ServiceTable = { 'asset.archive.create': { access: 'ACCESS', run: createArchive } };

interface Format {
  type: string;
  write: (entries: Iterable<ArchiveEntry>) => AsyncIterable<Buffer>;
  /** Of a name, in bytes. */
  longestName: number;
}

const TAR_GZ: Format = { type: 'application/gzip', write: writeTarGz, longestName: Infinity };
const FORMATS: Record<string, Format> = {
  zip: { type: 'application/zip', write: writeZip, longestName: LONGEST_ZIP_NAME },
  'tar.gz': TAR_GZ,
  tgz: TAR_GZ,
};

/** What each argument may say; `clevel`, how hard to compress, changes nothing of what is unpacked. */
const ARGUMENTS: Record<string, readonly string[] | 'anything'> = {
  where: 'anything',
  namespace: 'anything',
  collection: 'anything',
  sort: 'anything',
  'remove-path-prefix': 'anything',
  clevel: 'anything',
  format: Object.keys(FORMATS),
  for: ['user'],
  parts: ['content', 'all'],
};

async function createArchive(call: Call): Promise<Element[]> {
  for (const { name, text } of call.args.children) checkArgument(name, text.trim().toLowerCase());
  const given = textOf(call.args, 'format')?.toLowerCase() ?? 'zip';
  const format = FORMATS[given];
  if (!format) throw invalidArgument('args/format');
  const plan = await planned(call, normalPath(exactTextOf(call.args, 'remove-path-prefix') ?? '').replace(/^\/$/, ''));
  for (const { name } of plan) {
    const length = Buffer.byteLength(name);
    if (length > format.longestName)
      throw new ServiceFault(`A ${given} cannot hold a name of ${length} bytes: ${name.slice(0, 100)}...`);
  }
  call.outputs.push({
    type: format.type,
    size: undefined,
    whole: () => (given === 'zip' ? zipAtOnce(entries(call, plan)) : undefined),
    name: `archive.${given}`,
    open: () => Readable.from(format.write(entries(call, plan)), { objectMode: false, highWaterMark: 1024 * 1024 }),
  });
  return [];
}

/** @throws ServiceFault names the argument, and what it may say */
function checkArgument(name: string, value: string): void {
  const known = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
  if (!known) throw invalidArgument(`args/${name}`, 'archives here are not made with it');
  if (known !== 'anything' && !known.includes(value))
    throw invalidArgument(`args/${name}`, `'${value}' is not made here; ${known.join(' and ')} are`);
}
