// `asset.archive.create` (reference 2.5 and 5.4): a zip of what a query finds, entry names being the asset paths less a
// prefix. `for=user` makes it obey the caller's rights, which every query here does anyway.

import { invalidArgument } from '../faults.js';
import { pathOf } from '../query/asset-document.js';
import { accessTo } from '../access/access-lists.js';
import { exactTextOf, textOf } from '../xml/element.js';
import { found } from '../services/query-services.js';
import { type Call, principals, type ServiceTable } from '../services/service.js';
import { writeZip, type ZipEntry } from './zip-writer.js';

export const archiveServices: ServiceTable = {
  'asset.archive.create': {
    access: 'ACCESS',
    run(call) {
      archiveOf(call);
      return [];
    },
  },
};

/** The archive's bytes as they are made. @throws ServiceFault a format that the reference does not attest here */
export function archiveOf(call: Call): AsyncGenerator<Buffer> {
  const format = textOf(call.args, 'format') ?? 'zip';
  if (format !== 'zip') throw invalidArgument('args/format', `'${format}' is not made here; zip is`);
  const prefix = (exactTextOf(call.args, 'remove-path-prefix') ?? '').replace(/\/+$/, '');
  return writeZip(entries(call, prefix));
}

function* entries(call: Call, prefix: string): Generator<ZipEntry> {
  const { state, contents } = call.world;
  const held = principals(call);
  for (const asset of found(call)) {
    const { content } = asset;
    if (!content || !accessTo(state, held, asset.namespace)('asset-content:access')) continue;
    const path = pathOf(asset);
    const name = path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path.slice(1);
    yield {
      name,
      size: content.size,
      crc: content.crc,
      modified: new Date(asset.mtime),
      read: () => (content.size === 0 ? nothing() : contents.read(content.file)),
    };
  }
}

async function* nothing(): AsyncGenerator<Buffer> {
  // An empty file has no bytes.
}
