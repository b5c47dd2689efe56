// Sends one file: its CRC-32 is computed while it goes, what Mediaflux says it got is compared, at once or by the server
// when all is sent, and a file that changes under our hands is noticed.

import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ContentChanged, crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import type { StoredFile } from '../../src/mediaflux/services/index.js';
import { Failure } from '../failures.js';
import type { SentFile } from '../journal/sent-files.js';
import type { LocalFile } from '../tree/tree-list.js';
import { fileParts } from '../disk/file-parts.js';
import { CHANGED, judge, nameOf, type Outcome, stateOf } from '../disk/local-content.js';
import type { MediafluxLink } from './mediaflux-link.js';
import { refusalOf } from './mediaflux-trouble.js';
import type { PiecesInHand } from './send-in-pieces.js';
import { SMALL_BYTES, withSmall } from '../disk/small-files.js';

export interface SendOptions {
  /** Told of bytes as they leave the disk; again from the start when a try is repeated. */
  onBytes?(bytes: number): void;
  pieces?: PiecesInHand | undefined;
  /** Whether Mediaflux is asked at once what arrived of a small file; else the server's listing tells it, as of all files. */
  isAskedBack?: boolean;
}

const TRIES = 3;

/** @throws Failure after three tries, naming the file */
export async function sendFile(
  link: MediafluxLink,
  file: LocalFile,
  options: SendOptions = {},
): Promise<{ file: SentFile; sentBytes: number }> {
  let because = '';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const outcome = await trySend(link, file, options);
    if ('file' in outcome) return outcome;
    ({ because } = outcome);
  }
  throw new Failure(`${because} (${TRIES} tries)`, 1, file.path);
}

async function trySend(link: MediafluxLink, file: LocalFile, options: SendOptions): Promise<Outcome> {
  try {
    if (file.size <= SMALL_BYTES) return await sendSmall(link, file, options);
    if (options.pieces?.isFor(file)) return await options.pieces.send(link, file, () => sendLarge(link, file, options));
    return await sendLarge(link, file, options);
  } catch (error) {
    if (error instanceof ContentChanged) return { because: CHANGED };
    throw refusalOf(readFailure(error, file), file.path, 'take');
  }
}

function sendSmall(link: MediafluxLink, file: LocalFile, options: SendOptions): Promise<Outcome> {
  return withSmall(file.from, async ({ bytes, around, ...before }) => {
    if (before.size > SMALL_BYTES) return sendLarge(link, file, options);
    if (bytes.length !== before.size) return { because: CHANGED };
    const sum = crc32Text(crc32(bytes));
    const content = { name: nameOf(file), size: before.size, bytes, around, open: () => [bytes] };
    let held: Pick<StoredFile, 'size' | 'crc32'> = { size: before.size, crc32: sum };
    if (options.isAskedBack === false) await link.put(file.path, content);
    else held = await link.upload(file.path, content);
    options.onBytes?.(bytes.length);
    const outcome = judge(file, before, stateOf(statSync(file.from)), held, sum);
    return 'file' in outcome ? { ...outcome, sentBytes: before.size } : outcome;
  });
}

async function sendLarge(link: MediafluxLink, file: LocalFile, options: SendOptions): Promise<Outcome> {
  const before = stateOf(await stat(file.from));
  let sum = 0;
  const open = () => {
    sum = 0;
    return fileParts(file.from, 0, undefined, (part) => {
      sum = crc32(part, sum);
      options.onBytes?.(part.length);
    });
  };
  const held = await link.upload(file.path, { name: nameOf(file), size: before.size, open });
  const outcome = judge(file, before, stateOf(await stat(file.from)), held, crc32Text(sum));
  return 'file' in outcome ? { ...outcome, sentBytes: before.size } : outcome;
}

/** What reading the user's own file may come to; errors of the network stay what they are. */
function readFailure(error: unknown, file: LocalFile): unknown {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || (path !== file.from && syscall !== 'read')) return error;
  if (code === 'ENOENT') return new Failure('it vanished while the upload was running', 1, file.path);
  if (code === 'EACCES' || code === 'EPERM') return new Failure('it may not be read', 1, file.path);
  return new Failure(`it cannot be read (${code})`, 1, file.path);
}
