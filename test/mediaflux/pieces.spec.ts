// A large content in pieces: it goes on after a break where it was, and only if it is the same content; what Mediaflux
// holds in the end is compared with what was sent. The emulator.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { crc32, crc32Text, Transport } from '../../src/mediaflux/protocol/index.js';
import { finishingMs, type PieceProgress, statFile, uploadInPieces } from '../../src/mediaflux/services/index.js';
import type { FinishPace } from '../../src/mediaflux/services/pieces-end.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { bytesOf } from '../support/files.js';
import { CountingProxy } from '../data-mover/counting-proxy.js';
import { freshFolder } from '../support/folders.js';
import { until } from '../support/wait.js';

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
  through?: MediafluxSession;
  pace?: FinishPace;
  onForgotten?: () => void;
  bytes?: Buffer;
  version?: string;
  progress?: PieceProgress | undefined;
  onProgress?: (progress: PieceProgress) => void;
  /** The upload breaks once so much is acknowledged. */
  breakAt?: number;
}

/** Up to a break or the end; how far it got, and what Mediaflux holds in the end. */
async function upload(given: Upload) {
  const { bytes = BYTES, version = '1', progress, onProgress, breakAt, through = session, ...options } = given;
  let last = progress;
  const content = {
    name: 'p',
    size: bytes.length,
    version,
    read: (from: number, length: number) => [bytes.subarray(from, from + length)],
  };
  const working = uploadInPieces(through, PATH, content, {
    ...options,
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

describe('when the server forgets the job', () => {
  it.each([200_000, BYTES.length])('at %i bytes, begins anew and says so', async (at) => {
    const other = bytesOf(`forgotten ${at}`, BYTES.length);
    let forgotten = 0;
    let told = 0;
    const { held } = await upload({
      bytes: other,
      onForgotten: () => (told += 1),
      onProgress: ({ offset }) => {
        if (offset === at && forgotten === 0) forgotten = emulator.forgetIoJobs();
      },
    });
    expect(held).toMatchObject({ size: other.length, crc32: crc32Text(crc32(other)) });
    expect([told, callsOf('server.io.job.create')]).toEqual([1, 2]);
  });

  it('again and again, gives up and tells what the server says', async () => {
    const onProgress = ({ offset }: PieceProgress) => {
      if (offset === 200_000) emulator.forgetIoJobs();
    };
    await expect(upload({ onProgress })).rejects.toMatchObject({ kind: 'not-found', service: 'server.io.write' });
    expect(callsOf('server.io.job.create')).toBe(5);
  });
});

describe('while the server makes the asset', () => {
  const SLOW = { leastMs: 60_000, bytesPerSecond: 1_000, lookEveryMs: [20, 100] } as const;
  const through = (limits: object, url = emulator.url) => {
    const own = new Transport(url, limits);
    const credentials = { domain: 'demo', user: 'researcher', password: 'researcher' };
    return { own, session: new MediafluxSession({ transport: own, credentials, random: () => 0 }) };
  };

  it.each(['server.io.write.finish', 'asset.set'])(
    'is looked for and not asked for again when the connection breaks at %s',
    async (service) => {
      const proxy = await CountingProxy.before(emulator.url);
      const { own, session: broken } = through({}, proxy.url);
      const other = bytesOf(`slow ${service}`, BYTES.length);
      emulator.faults.set({ service, action: { hold: true } });
      const working = upload({ bytes: other, through: broken, pace: SLOW });
      await until('the call', () => callsOf(service) || undefined);
      emulator.faults.forgetCalls();
      proxy.cut();
      await until('two looks', () => callsOf('asset.get') > 1 || undefined);
      expect([callsOf('server.io.write.finish'), callsOf('asset.set')]).toEqual([0, 0]);
      emulator.faults.clear();
      if (service === 'asset.set') {
        expect((await working).held).toMatchObject({ size: other.length, crc32: crc32Text(crc32(other)) });
        expect(callsOf('asset.set')).toBe(0);
      } else {
        // Nothing shows that the job is finished: who gave up looking asks again.
        await own.close();
        await expect(working).rejects.toMatchObject({ kind: 'unreachable' });
      }
      await own.close();
      await proxy.close();
    },
  );

  it('waits for the answer longer than for others', async () => {
    const { own, session: impatient } = through({ firstByteTimeoutMs: 50 });
    const other = bytesOf('patient', BYTES.length);
    emulator.faults.set({ service: 'asset.set', action: { hold: true } });
    emulator.faults.set({ service: 'server.version', action: { hold: true } });
    const working = upload({ bytes: other, through: impatient });
    await until('the call', () => callsOf('asset.set') || undefined);
    // Begun later, and given up by now.
    await expect(impatient.call('server.version')).rejects.toMatchObject({ kind: 'unreachable' });
    emulator.faults.clear();
    expect((await working).held).toMatchObject({ crc32: crc32Text(crc32(other)) });
    expect(callsOf('asset.set')).toBe(1);
    await own.close();
  });

  it('waits for half an hour at least, and the longer the larger it is', () => {
    expect(finishingMs(0)).toBe(1_800_000);
    expect(finishingMs(5e12)).toBe(1_800_000 + 100_000_000);
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
