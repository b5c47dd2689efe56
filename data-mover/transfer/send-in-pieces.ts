// A large file in pieces, so that a break costs at most one: how far it got, with the CRC-32 up to there, is in the
// journal after each piece. Where Mediaflux does not offer it, the file goes whole, and that is said once.

import { stat } from 'node:fs/promises';
import { crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import type { Pieces, SentFiles } from '../journal/sent-files.js';
import type { LocalFile } from '../tree/tree-list.js';
import { type FileState, judge, nameOf, type Outcome, partsOf, stateOf } from './local-content.js';
import { type MediafluxLink, NoPieces } from './mediaflux-link.js';

export interface PiecesOptions {
  /** Files of more bytes go in pieces. */
  aboveBytes: number;
  pieceBytes: number;
  sent: SentFiles;
  note(message: string): void;
  /** Told of bytes as they leave the disk. */
  onBytes(file: LocalFile, bytes: number): void;
}

export class PiecesInHand {
  private isOffered = true;

  constructor(private readonly options: PiecesOptions) {}

  isFor(file: LocalFile): boolean {
    return this.isOffered && file.size > this.options.aboveBytes;
  }

  /** @param whole sends it in one go instead */
  async send(link: MediafluxLink, file: LocalFile, whole: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await this.inPieces(link, file);
    } catch (error) {
      if (!(error instanceof NoPieces)) throw error;
      if (this.isOffered)
        this.options.note(
          'Mediaflux does not take large files in pieces from this program: after a break such a file is sent again from its start.',
        );
      this.isOffered = false;
      return whole();
    }
  }

  private async inPieces(link: MediafluxLink, file: LocalFile): Promise<Outcome> {
    const { sent, pieceBytes } = this.options;
    const before = stateOf(await stat(file.from));
    const about = { path: file.path, ...before };
    const standing = sent.piecesOf(about);
    if (standing && (await isThere(link, standing)))
      return { file: { ...about, crc32: crc32Text(standing.sum) }, sentBytes: 0 };
    const content = new SummedContent(file, before, standing, (bytes) => this.options.onBytes(file, bytes));
    const held = await link.uploadInPieces(
      file.path,
      { name: nameOf(file), size: before.size, read: (offset, length) => content.read(offset, length) },
      {
        pieceBytes,
        progress: () => sent.piecesOf(about)?.progress,
        onProgress: (progress) => sent.add({ ...about, progress, sum: content.sumBefore(progress.offset) }),
      },
    );
    const after = stateOf(await stat(file.from));
    const outcome = judge(file, before, after, held, content.sumBefore(before.size));
    if ('file' in outcome) return { ...outcome, sentBytes: content.readBytes };
    // A ticket becomes one content; what did not count begins anew.
    sent.forget(file.path);
    return outcome;
  }
}

/** All pieces were acknowledged, and the run that sent them ended before it could note that they had become the file. */
async function isThere(link: MediafluxLink, pieces: Pieces): Promise<boolean> {
  if (pieces.progress.offset !== pieces.size) return false;
  const held = await link.stat(pieces.path);
  return held?.size === pieces.size && held.crc32 === crc32Text(pieces.sum);
}

/** Pieces of a file with the CRC-32 of everything before each, so that a piece can be read twice. */
class SummedContent {
  readBytes = 0;
  private readonly sums = new Map([[0, 0]]);

  constructor(
    private readonly file: LocalFile,
    private readonly state: FileState,
    standing: Pieces | undefined,
    private readonly onBytes: (bytes: number) => void,
  ) {
    if (standing) this.sums.set(standing.progress.offset, standing.sum);
  }

  sumBefore(offset: number): number {
    const sum = this.sums.get(offset);
    if (sum === undefined) throw new Error(`Piece at ${offset} of ${this.state.size} was not summed up.`);
    return sum;
  }

  read(offset: number, length: number): AsyncIterable<Uint8Array> {
    let sum = this.sumBefore(offset);
    let at = offset;
    return partsOf(this.file.from, offset, length, (part) => {
      sum = crc32(part, sum);
      at += part.length;
      if (at === offset + length) this.sums.set(at, sum);
      this.readBytes += part.length;
      this.onBytes(part.length);
    });
  }
}
