// A large content in pieces: it goes on after a break where it was, and only if it is the same content; what Mediaflux
// holds in the end is compared with what was sent. The emulator.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { crc32, crc32Text, Transport } from '../../src/mediaflux/protocol/index.js';
import { type PieceProgress, statFile, uploadInPieces } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const BYTES = bytesOf('pieces', 400_000);
const PATH = `${LAB}/pieces.bin`;
let emulator: RunningEmulator;
let transport: Transport;
let session: MediafluxSession;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  transport = new Transport(emulator.url);
  session = new MediafluxSession({
    transport,
    credentials: { domain: 'demo', user: 'researcher', password: 'researcher' },
    random: () => 0,
  });
});
afterAll(async () => {
  await transport.close();
  await emulator.close();
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.faults.forgetCalls();
});

const callsOf = (service: string): number =>
  emulator.faults.calls().filter((call) => call.service === service || call.inner.includes(service)).length;

interface Upload {
  bytes?: Buffer;
  version?: string;
  progress?: PieceProgress | undefined;
  onProgress?: (progress: PieceProgress) => void;
  /** The upload breaks once so much is acknowledged. */
  breakAt?: number;
}

/** Up to a break or the end; how far it got, and what Mediaflux holds in the end. */
async function upload({ bytes = BYTES, version = '1', progress, onProgress, breakAt }: Upload) {
  let last = progress;
  const content = {
    name: 'p',
    size: bytes.length,
    version,
    read: (from: number, length: number) => [bytes.subarray(from, from + length)],
  };
  const working = uploadInPieces(session, PATH, content, {
    store: 'data',
    pieceBytes: 50_000,
    progress,
    onProgress: (now) => {
      last = now;
      onProgress?.(now);
      if (now.offset === breakAt) throw new Error('The computer was switched off.');
    },
  });
  if (breakAt !== undefined) await expect(working).rejects.toThrow('switched off');
  return { held: breakAt === undefined ? await working : undefined, last };
}

it('goes on after a break where it was', async () => {
  const { last } = await upload({ breakAt: 200_000 });
  expect(last).toMatchObject({
    offset: 200_000,
    size: BYTES.length,
    version: '1',
    crc32: crc32Text(crc32(BYTES.subarray(0, 200_000))),
  });
  emulator.faults.forgetCalls();
  const { held } = await upload({ progress: last });
  expect(held).toMatchObject({ size: BYTES.length, crc32: crc32Text(crc32(BYTES)) });
  expect(callsOf('server.io.write')).toBe(4);
  expect(callsOf('server.io.job.create')).toBe(0);
  // The job is gone by now: whoever still holds its ticket begins anew.
  emulator.faults.forgetCalls();
  await upload({ progress: last });
  expect(callsOf('server.io.write')).toBe(8);
});

describe('when the last answer is lost', () => {
  const changed = Buffer.concat([Buffer.from('other'), BYTES.subarray(5)]);
  const loseLast = () => emulator.faults.set({ service: 'asset.set', action: { cutAfterBytes: 20 }, times: 1 });
  const isAway = () => emulator.faults.set({ service: 'asset.get', action: { refuse: true } });

  it('looks whether the asset was made', async () => {
    loseLast();
    const { held } = await upload({ bytes: changed });
    expect(held).toMatchObject({ size: changed.length, crc32: crc32Text(crc32(changed)) });
    expect(callsOf('asset.set')).toBe(1);
  });

  it('and Mediaflux with it for a while, looks later, and sends nothing again', async () => {
    loseLast();
    isAway();
    let last: PieceProgress | undefined;
    const onProgress = (now: PieceProgress) => void (last = now);
    await expect(upload({ onProgress })).rejects.toMatchObject({ kind: 'unreachable' });
    emulator.faults.clear();
    emulator.faults.forgetCalls();
    expect(last).toMatchObject({ offset: BYTES.length });
    const { held } = await upload({ progress: last });
    expect(held).toMatchObject({ size: BYTES.length, crc32: crc32Text(crc32(BYTES)) });
    expect([callsOf('server.io.write'), callsOf('server.io.job.create'), callsOf('asset.set')]).toEqual([0, 0, 0]);
    // Something else is there by now, so that all is sent again.
    await upload({ bytes: changed });
    emulator.faults.forgetCalls();
    await upload({ progress: last });
    expect(callsOf('server.io.write')).toBe(8);
  });
});

it.each<[string, Upload]>([
  ['of another version', { version: '2' }],
  ['of another size', { bytes: BYTES.subarray(0, 390_000) }],
  ['shorter than what was sent', { bytes: BYTES.subarray(0, 100_000) }],
])('begins anew when the content is %s', async (_, changed) => {
  const { last } = await upload({ breakAt: 200_000 });
  emulator.faults.forgetCalls();
  const { held } = await upload({ ...changed, progress: last });
  const { bytes = BYTES } = changed;
  expect(callsOf('server.io.job.create')).toBe(1);
  expect(held).toMatchObject({ size: bytes.length, crc32: crc32Text(crc32(bytes)) });
});

it('is damaged, by name, when the content changed under an unchanged version', async () => {
  const { last } = await upload({ breakAt: 200_000 });
  const progress = last && { ...last, crc32: '00000001' };
  await expect(upload({ progress })).rejects.toMatchObject({ kind: 'content-damaged', service: 'server.io.write' });
});

it('sums a piece once, however often it is sent', async () => {
  emulator.faults.set({ service: 'server.io.write', action: { status: 503 }, after: 1, times: 2 });
  const { held } = await upload({});
  expect(held).toMatchObject({ crc32: crc32Text(crc32(BYTES)) });
  expect(callsOf('server.io.write')).toBe(10);
});

it('of nothing is an asset of nothing', async () => {
  const { held } = await upload({ bytes: Buffer.alloc(0) });
  expect(held).toMatchObject({ size: 0 });
  expect(await statFile(session, PATH)).toMatchObject({ size: 0 });
});

it('tells what reading the content throws, as it is', async () => {
  const fault = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
  const read = () => {
    throw fault;
  };
  await expect(
    uploadInPieces(session, PATH, { name: 'p', size: 10, version: '1', read }, { store: 'data', pieceBytes: 5 }),
  ).rejects.toBe(fault);
});
