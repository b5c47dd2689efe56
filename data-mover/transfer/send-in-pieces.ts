// A large file in pieces, so that a break costs at most one: how far it got, with the CRC-32 up to there, is in the
// journal after each piece. Where Mediaflux does not offer it, the file goes whole, and that is said once.

import { stat } from 'node:fs/promises';
import { isMediafluxError } from '../../src/mediaflux/protocol/index.js';
import type { PieceProgress, Pieces, SentFiles } from '../journal/sent-files.js';
import type { LocalFile } from '../tree/tree-list.js';
import { fileParts } from '../disk/file-parts.js';
import { judge, nameOf, type Outcome, stateOf } from '../disk/local-content.js';
import { type MediafluxLink, NoPieces } from './mediaflux-link.js';

export interface PiecesOptions {
  /** Files of more bytes go in pieces. */
  aboveBytes: number;
  pieceBytes: number;
  sent: SentFiles;
  note(message: string, path?: string): void;
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
      if (isMediafluxError(error, 'content-damaged')) {
        this.options.sent.forget(file.path);
        return { because: 'it arrived damaged in Mediaflux' };
      }
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
      return { file: { ...about, crc32: standing.progress.crc32 }, sentBytes: 0 };
    let sentBytes = 0;
    let acknowledged: PieceProgress | undefined;
    const read = (offset: number, length: number) =>
      fileParts(file.from, offset, length, (part) => {
        sentBytes += part.length;
        this.options.onBytes(file, part.length);
      });
    const content = { name: nameOf(file), size: before.size, version: String(before.modifiedMs), read };
    const held = await link.uploadInPieces(file.path, content, {
      pieceBytes,
      progress: () => sent.piecesOf(about)?.progress,
      onForgotten: () =>
        this.options.note('Mediaflux has forgotten what was sent of it; it is sent again from its start', file.path),
      onProgress: (progress) => {
        acknowledged = progress;
        sent.add({ ...about, progress });
      },
    });
    const { crc32 } = acknowledged ?? standing?.progress ?? { crc32: '00000000' };
    const outcome = judge(file, before, stateOf(await stat(file.from)), held, crc32);
    if ('file' in outcome) return { ...outcome, sentBytes };
    // A ticket becomes one content; what did not count begins anew.
    sent.forget(file.path);
    return outcome;
  }
}

/** All pieces were acknowledged, and the run that sent them ended before it could note that they had become the file. */
async function isThere(link: MediafluxLink, pieces: Pieces): Promise<boolean> {
  if (pieces.progress.offset !== pieces.size) return false;
  const held = await link.stat(pieces.path);
  return held?.size === pieces.size && held.crc32 === pieces.progress.crc32;
}
