// Our client moving files, as the Data Mover does: four connections, CRC-32 on the way, what Mediaflux tells compared.
// Arguments: `up` or `down`, the server's address, a namespace, a folder.

import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { FileWriter } from '../data-mover/disk/file-writer.js';
import { crc32, crc32Text, textAt, Transport } from '../src/mediaflux/protocol/index.js';
import {
  createNamespace,
  openContent,
  queryValues,
  quoted,
  storedFile,
  uploadFile,
} from '../src/mediaflux/services/index.js';
import { MediafluxSession } from '../src/mediaflux/session/index.js';

const [direction, url = '', namespace = '', folder = ''] = process.argv.slice(2);
const CONNECTIONS = 4;
const CHUNK_BYTES = 1024 * 1024;
/** Read whole, as the Data Mover does. */
const SMALL_BYTES = 128 * 1024;
const transport = new Transport(url, { connections: CONNECTIONS });
const session = new MediafluxSession({
  transport,
  credentials: { domain: 'demo', user: 'researcher', password: 'researcher' },
});

async function up(name: string): Promise<void> {
  const path = join(folder, name);
  const { size } = await stat(path);
  let sum = 0;
  const read = async function* () {
    const parts = size <= SMALL_BYTES ? [await readFile(path)] : createReadStream(path, { highWaterMark: CHUNK_BYTES });
    for await (const part of parts) {
      sum = crc32(part as Buffer, sum);
      yield part as Buffer;
    }
  };
  const held = await uploadFile(session, `${namespace}/${name}`, { name, size, open: read });
  if (held.size !== size || held.crc32 !== crc32Text(sum)) throw new Error(`${name} did not arrive whole.`);
}

async function down(asset: Parameters<typeof storedFile>[0]): Promise<void> {
  const out = await FileWriter.create(join(folder, textAt(asset, 'name') ?? ''));
  for await (const part of await openContent(session, storedFile(asset))) await out.write(part);
  await out.finish();
}

const limit = pLimit(CONNECTIONS);
if (direction === 'up') {
  await createNamespace(session, namespace);
  await Promise.all((await readdir(folder)).map((name) => limit(() => up(name))));
} else {
  await mkdir(folder, { recursive: true });
  const moving: Promise<void>[] = [];
  const xpaths = { name: 'name', size: 'content/size', csum: 'content/csum' };
  for await (const asset of queryValues(session, `namespace=${quoted(namespace)}`, xpaths))
    moving.push(limit(() => down(asset)));
  await Promise.all(moving);
}
await session.logoff();
await transport.close();
