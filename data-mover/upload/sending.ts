// Sends what the list holds and the journal does not know as sent, some files at a time, in the order of the list.

import { Failure } from '../failures.js';
import type { SentFiles } from '../journal/sent-files.js';
import type { Reporter } from '../report/reporter.js';
import { Folders } from '../transfer/folders.js';
import { inParallel } from '../transfer/in-parallel.js';
import type { MediafluxLink } from '../transfer/mediaflux-link.js';
import { refusalOf, Refusals } from '../transfer/mediaflux-trouble.js';
import { sendFile } from '../transfer/send-file.js';
import { PiecesInHand } from '../transfer/send-in-pieces.js';
import type { LocalFile } from '../tree/tree-list.js';
import type { Tree } from '../tree/gather.js';
import type { UploadOptions } from './upload.types.js';

/** A Mediaflux that loses contents shows it with the first files already. */
const ASKED_BACK = 16;

export class Sending {
  /** By this run. */
  sentBytes = 0;
  private readonly pieces: PiecesInHand;
  private isFirstPass = true;
  /** So many small files arrived as they are: the others are sent without asking, since the server compares all of them. */
  private arrivedWhole = 0;
  private readonly refusals = new Refusals();

  constructor(
    private readonly options: UploadOptions,
    private readonly sent: SentFiles,
    private readonly tree: Tree,
    private readonly reporter: Reporter,
    private readonly signal: AbortSignal,
  ) {
    this.pieces = new PiecesInHand({
      aboveBytes: options.pieceAboveBytes,
      pieceBytes: options.pieceBytes,
      sent,
      note: (message, path) => reporter.note(message, path),
      onBytes: (file, bytes) => reporter.moved(file.path, bytes),
    });
  }

  /** All that can be sent is sent; what cannot is named. @throws Failure some could not */
  async all(link: MediafluxLink): Promise<void> {
    const folders = new Folders(link);
    let failed = 0;
    await inParallel(this.missing(), this.options.parallel, async (entry) => {
      this.signal.throwIfAborted();
      try {
        if ('emptyFolder' in entry) await this.folder(folders, entry.emptyFolder);
        else {
          await this.folderOf(folders, entry.path);
          await this.one(link, entry);
        }
        this.refusals.wentWell();
      } catch (error) {
        if (!(error instanceof Failure) || error.path === undefined) throw error;
        failed += 1;
        this.reporter.failed(error.path);
        this.reporter.error(error.message, error.path);
        this.refusals.note(error);
      }
    });
    if (failed > 0)
      throw new Failure(
        `${failed} ${failed === 1 ? 'file' : 'files'} could not be sent; the upload is not complete. Put right what is told of each, and run the same command again to go on.`,
      );
    this.isFirstPass = false;
  }

  /** @throws Failure it is refused, with its name */
  private async folder(folders: Folders, path: string): Promise<void> {
    try {
      await folders.ensure(path);
    } catch (error) {
      throw refusalOf(error, path, 'take');
    }
  }

  private folderOf(folders: Folders, path: string): Promise<void> | undefined {
    const end = path.lastIndexOf('/');
    return end < 0 ? undefined : this.folder(folders, path.slice(0, end));
  }

  private async one(link: MediafluxLink, file: LocalFile): Promise<void> {
    this.reporter.begins(file.path, file.size);
    const { file: sent, sentBytes } = await sendFile(link, file, {
      pieces: this.pieces,
      onBytes: (bytes) => this.reporter.moved(file.path, bytes),
      // What the server found different is asked about again.
      isAskedBack: !this.isFirstPass || this.arrivedWhole < ASKED_BACK,
    });
    this.arrivedWhole += 1;
    this.sent.add(sent);
    if (sent.size !== file.size || sent.modifiedMs !== file.modifiedMs)
      this.reporter.note('it has changed since the upload began; sent as it is now', file.path);
    this.sentBytes += sentBytes;
    this.reporter.file(file.path, sentBytes, false, sent.size);
  }

  private *missing(): Generator<LocalFile | { emptyFolder: string }> {
    for (const entry of this.tree.list.entries()) {
      if ('emptyFolder' in entry || !this.isSent(entry)) yield entry;
      else if (this.isFirstPass) this.reporter.file(entry.path, 0, true, entry.size);
    }
  }

  /** What an earlier run sent may have changed since; what this one sent is as it was when its turn came. */
  private isSent(file: LocalFile): boolean {
    return (this.isFirstPass ? this.sent.find(file) : this.sent.latest(file.path)) !== undefined;
  }
}
