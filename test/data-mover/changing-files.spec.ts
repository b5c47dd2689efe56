// A file that changes while it is sent, to the same length: its time tells. It is sent again, whichever way it goes, and
// named if it does not rest.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SentFiles } from '../../data-mover/journal/sent-files.js';
import type { MediafluxLink } from '../../data-mover/transfer/mediaflux-link.js';
import { sendFile } from '../../data-mover/transfer/send-file.js';
import { PiecesInHand } from '../../data-mover/transfer/send-in-pieces.js';
import type { RunningEmulator } from '../../emulator/index.js';
import { crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { until } from '../support/wait.js';
import { openOwnLink, type OwnLink } from './own-link.js';

const work = freshFolder();
const namespace = '/projects/proj-researcher-1128.4.20/changing';
let own: OwnLink;
let emulator: RunningEmulator;
let link: MediafluxLink;
let sent: SentFiles;

beforeAll(async () => {
  own = await openOwnLink(work, namespace);
  ({ emulator, link } = own);
  sent = new SentFiles(join(work, 'sent.ndjson'));
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  sent.close();
  await own.close();
});

const stateOf = (from: string) => {
  const { size, mtimeMs } = statSync(from);
  return { size, modifiedMs: Math.floor(mtimeMs) };
};

/** Another content of the same length, and a time that no clock's steps hide. */
function change(from: string, seed: string): void {
  const { size, modifiedMs } = stateOf(from);
  writeFileSync(from, bytesOf(seed, size));
  utimesSync(from, modifiedMs / 1_000 + 10, modifiedMs / 1_000 + 10);
}

const WAYS = [
  { way: 'small, and asked about', size: 1_000, carrier: 'asset.set', calls: 1, options: {} },
  { way: 'small, and not asked about', size: 1_000, carrier: 'asset.set', calls: 1, options: { isAskedBack: false } },
  { way: 'streamed', size: 300_000, carrier: 'asset.set', calls: 1, options: {} },
  { way: 'in pieces', size: 300_000, carrier: 'server.io.write', calls: 3, options: { pieceBytes: 100_000 } },
];

/** `calls` of `carrier` take it, each time. */
describe.each(WAYS)('a file that goes $way', ({ way, size, carrier, calls, options: { pieceBytes, ...options } }) => {
  const name = way.replaceAll(/\W+/g, '-');

  function localFile(suffix: string) {
    const path = `${name}-${suffix}`;
    const from = join(work, path);
    writeFileSync(from, bytesOf(path, size));
    // No fraction that no binary number holds.
    utimesSync(from, 1_700_000_000, 1_700_000_000);
    return { path, from, ...stateOf(from) };
  }

  const pieces = () =>
    new PiecesInHand({
      aboveBytes: pieceBytes ?? size,
      pieceBytes: pieceBytes ?? size,
      sent,
      note: (message) => {
        throw new Error(message);
      },
      onBytes: () => undefined,
    });

  /** Sends it, and changes it in so many tries while the first call that carries it is held. */
  async function sendChanging(suffix: string, tries: number) {
    const file = localFile(suffix);
    let sending: ReturnType<typeof sendFile> | undefined;
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      // Those of the try before that are still to come.
      const after = sending === undefined ? 0 : calls - 1;
      emulator.faults.forgetCalls();
      emulator.faults.clear();
      emulator.faults.set({ service: carrier, after, times: 1, action: { hold: true } });
      sending ??= sendFile(link, file, { ...options, pieces: pieces() });
      // Awaited by the caller; until then it must not end the test run.
      sending.catch(() => undefined);
      await until('it being on its way', () =>
        emulator.faults.calls().filter(({ service, inner }) => [service, ...inner].includes(carrier)).length > after
          ? true
          : undefined,
      );
      change(file.from, `${suffix} ${attempt}`);
    }
    emulator.faults.clear();
    return { file, sending: sending ?? sendFile(link, file, { ...options, pieces: pieces() }) };
  }

  it('is sent once when it rests', async () => {
    const { file, sending } = await sendChanging('rests', 0);
    expect(await sending).toMatchObject({ file: { size, modifiedMs: file.modifiedMs }, sentBytes: size });
  });

  it.each([1, 2])('is sent again when it changed in %i tries, and counts as it is then', async (times) => {
    const { file, sending } = await sendChanging(`changes-${times}`, times);
    const { file: taken } = await sending;
    const crc = crc32Text(crc32(bytesOf(`changes-${times} ${times}`, size)));
    expect(taken).toEqual({ path: file.path, ...stateOf(file.from), crc32: crc });
    expect(taken.modifiedMs).toBe(file.modifiedMs + times * 10_000);
    expect(await link.stat(file.path)).toMatchObject({ size, crc32: crc });
  });

  it('is named when it does not rest', async () => {
    const { file, sending } = await sendChanging('restless', 3);
    await expect(sending).rejects.toMatchObject({
      message: 'it changed while it was read (3 tries)',
      path: file.path,
    });
  });
});
