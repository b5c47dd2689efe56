// Archives as servers may send them, read by the typed service: what came whole, and nothing else.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deflateRawSync } from 'node:zlib';
import { zipAtOnce } from '../../emulator/archive/zip-at-once.js';
import { packetHead } from '../../emulator/http/packets.js';
import { crc32, crc32Text, PACKET_TYPE } from '../../src/mediaflux/protocol/index.js';
import { readTogether } from '../../src/mediaflux/services/index.js';
import type { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { bytesOf } from '../support/files.js';
import { CannedServer, reply } from '../support/canned-server.js';

const server = new CannedServer();
let session: MediafluxSession;
beforeAll(async () => {
  session = await server.start();
});
afterAll(() => server.close());

const FILES = { 'a.txt': Buffer.from('one content'), 'deep/größe.bin': bytesOf('two', 5_000) };
const wanted = Object.entries(FILES).map(([path, content], index) => ({
  path,
  assetId: String(index + 7),
  size: content.length,
  crc32: crc32Text(crc32(content)),
}));

function zipOf(files: Record<string, Buffer>): Buffer {
  const whole = zipAtOnce(
    Object.entries(files).map(([name, content]) => ({
      name,
      size: content.length,
      crc: crc32(content),
      modified: new Date(0),
      read: () => [content],
      fill: (target) => void content.copy(target),
    })),
  );
  const zip = Buffer.alloc(whole?.bytes ?? 0);
  whole?.fill(zip);
  return zip;
}

/** @param content undefined: the reply brings none */
function sends(content: Buffer | undefined): void {
  const document = Buffer.from(reply(''));
  const parts = [packetHead('text/xml', document.length, content ? 1 : 0), document];
  if (content) parts.push(packetHead('application/zip', content.length, 0), content);
  server.answers((_, response) => response.writeHead(200, { 'content-type': PACKET_TYPE }).end(Buffer.concat(parts)));
}

const memory = new ArrayBuffer(100_000);
const into = { memoryFor: () => Buffer.from(memory), mostBytes: memory.byteLength, came: () => undefined };
const read = () => readTogether(session, '/ns', wanted, into);

it('contents that came as they are lie in the memory that was given', async () => {
  sends(zipOf({ ...FILES, 'not asked for': Buffer.from('x') }));
  const came = await read();
  expect(came.map((one) => one && Buffer.from(one.content))).toEqual(Object.values(FILES));
  for (const one of came) expect(one?.content.buffer).toBe(memory);
});

it('contents that came compressed are unpacked', async () => {
  const content = FILES['a.txt'];
  const zip = zipOf({ 'a.txt': deflateRawSync(content) });
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  zip.writeUInt16LE(8, entry + 10);
  zip.writeUInt32LE(content.length, entry + 24);
  sends(zip);
  const [first, second] = await read();
  expect(first?.content).toEqual(content);
  expect(second).toBeUndefined();
});

it.each<[string, Record<string, Buffer>]>([
  ['by other names', { '/a.txt': FILES['a.txt'], 'ns/deep/größe.bin': FILES['deep/größe.bin'] }],
  ['with other bytes', { 'a.txt': Buffer.from('one Content'), 'deep/größe.bin': bytesOf('three', 5_000) }],
  ['with another size', { 'a.txt': Buffer.from('one'), 'deep/größe.bin': bytesOf('two', 5_001) }],
  ['not at all', {}],
])('contents that come %s have not come', async (_, files) => {
  sends(zipOf(files));
  expect(await read()).toEqual([undefined, undefined]);
});

it.each<[string, Buffer | undefined, object]>([
  ['without an archive', undefined, { kind: 'malformed-reply' }],
  ['longer than it may be', Buffer.alloc(200_000), { kind: 'malformed-reply' }],
  ['that is no zip', Buffer.from('<html>Please log on</html>'), { message: expect.stringContaining('end is missing') }],
])('an answer %s is an error', async (_, content, error) => {
  sends(content);
  await expect(read()).rejects.toMatchObject(error);
});
