// `asset.archive.create` (reference 2.5 and 5.4): an archive of what a query finds, entry names being the asset paths
// less a prefix. `for=user` makes it obey the caller's rights, which every query here does anyway. Made as zip and
// tar.gz; what an `aar` holds is not known, so it is refused.

import { Readable } from 'node:stream';
import { invalidArgument } from '../faults.js';
import { accessTo } from '../access/access-lists.js';
import { limitOf } from '../query/narrowing.js';
import { conditionsOf, found } from '../services/query-finding.js';
import { accessIn, type Call, principals, type ServiceTable } from '../services/service.js';
import { exactTextOf, textOf } from '../xml/element.js';
import { writeTarGz } from './tar-writer.js';
import { type ArchiveEntry, writeZip } from './zip-writer.js';

export const archiveServices: ServiceTable = {
  'asset.archive.create': {
    access: 'ACCESS',
    run(call) {
      const format = textOf(call.args, 'format') ?? 'zip';
      const prefix = (exactTextOf(call.args, 'remove-path-prefix') ?? '').replace(/\/+$/, '');
      // A wrong query is refused before the first byte.
      conditionsOf(call);
      const [type, write] = formatOf(format);
      call.outputs.push({
        type,
        size: undefined,
        name: `archive.${format}`,
        open: () => Readable.from(write(entries(call, prefix)), { objectMode: false, highWaterMark: 1024 * 1024 }),
      });
      return [];
    },
  },
};

type Write = (entries: AsyncIterable<ArchiveEntry>) => AsyncIterable<Buffer>;

/** @throws ServiceFault a format that the reference does not attest, or whose layout nobody knows */
function formatOf(format: string): [type: string, write: Write] {
  if (format === 'zip') return ['application/zip', writeZip];
  if (format === 'tar.gz') return ['application/gzip', writeTarGz];
  throw invalidArgument('args/format', `'${format}' is not made here; zip and tar.gz are`);
}

async function* entries(call: Call, prefix: string): AsyncGenerator<ArchiveEntry> {
  const { state, contents } = call.world;
  const held = principals(call);
  const without = (path: string): string =>
    path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path.slice(1);
  for (const path of emptyFolders(call)) {
    const name = without(path);
    if (path !== prefix && name !== '')
      yield { name: `${name}/`, size: 0, crc: 0, modified: new Date(call.world.now()), read: () => [] };
  }
  for await (const asset of found(call)) {
    const { content } = asset;
    if (!content || !accessTo(state, held, asset.namespace)('asset-content:access')) continue;
    yield {
      name: without(state.pathOf(asset)),
      size: content.size,
      crc: content.crc,
      modified: new Date(asset.mtime),
      read: () => wholeOf(contents.readSmall(content.file, content.size)) ?? contents.read(content.file),
    };
  }
}

/** Namespaces without anything in them, where the query names a tree. */
function* emptyFolders(call: Call): Generator<string> {
  const { state } = call.world;
  const limit = limitOf(conditionsOf(call));
  if (!limit?.below) return;
  for (const namespace of state.namespacesFrom(limit.path)) {
    const isEmpty = state.isLeaf(namespace.path) && state.assetsDirectlyIn(namespace.path).next().done === true;
    if (isEmpty && accessIn(call, namespace.path)('namespace:access')) yield namespace.path;
  }
}

const wholeOf = (bytes: Buffer | undefined): Iterable<Buffer> | undefined =>
  bytes && (bytes.length === 0 ? [] : [bytes]);
