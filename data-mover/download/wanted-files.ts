// Which files a download is of: what the server lists and `--only` wants, or what an earlier run kept of that. Read from
// the manifest on disk as often as needed, so that a million files are in no memory.

import type { DispatchClient } from '../dispatch-api/client.js';
import { Failure, noLongerValid } from '../failures.js';
import { meantBy } from '../globs.js';
import type { Reporter } from '../report/reporter.js';
import { windowsTrouble } from '../tree/names.rules.js';
import type { BegunDownload, Share } from './begun-download.js';
import { diskTrouble } from './disk-trouble.js';
import type { LinkManifest } from './folder-manifests.js';
import { type ManifestLine, placeOf } from './manifest.js';
import { OWN_FOLDER } from '../journal/own-folder.js';

export class WantedFiles {
  files = 0;
  bytes = 0;
  /** Of the whole data, wanted or not. */
  ofAllFiles = 0;
  /** So many of the manifest's first lines are of this download. */
  ownLines = 0;
  private readonly isWanted: (path: string) => boolean;

  /**
   * @param base address of the link in the API
   * @param target folder that is downloaded into
   * @param only globs, also names of folders; all files if empty
   */
  constructor(
    private readonly base: string,
    private readonly target: string,
    only: readonly string[],
    private readonly client: DispatchClient,
    private readonly reporter: Reporter,
    private readonly manifest: LinkManifest,
  ) {
    this.isWanted = only.length === 0 ? () => true : meantBy(only);
  }

  /** Asks the server. Answers the manifest's sum. @throws Failure names that cannot be written here; each is told before */
  askFor(): Promise<string> {
    return this.manifest.ask(this.listed()).catch((error: unknown) => {
      throw diskTrouble(error, `${OWN_FOLDER}/manifest.ndjson`);
    });
  }

  /** The lines of an earlier run: of an expired link the server tells none. Answers the manifest's sum. */
  takeKept(share: Share, { note }: BegunDownload): string {
    if (!note || !this.manifest.takeEarlier(note.manifest))
      throw noLongerValid(
        'The link has expired, and the list of its files in this folder is not the one that the download was begun with, so that it cannot go on. Ask whoever sent the link for another one.',
      );
    this.ofAllFiles = share.files;
    this.ownLines = note.lines;
    for (const { line } of this.lines()) if (line.type === 'file') this.count(line);
    return note.manifest;
  }

  /** With each file's number among the files, -1 of a folder. That of some earlier versions holds more, of earlier downloads. */
  *lines(): Generator<{ line: ManifestLine; number: number }> {
    let number = 0;
    let at = 0;
    for (const line of this.manifest.current.lines()) {
      if (at >= this.ownLines) return;
      at += 1;
      if (!this.isWanted(line.path)) continue;
      yield { line, number: line.type === 'file' ? number : -1 };
      if (line.type === 'file') number += 1;
    }
  }

  /** All is there: from now on the folder is to hold it. */
  wentThrough(): Promise<void> {
    const told = (message: string): void => this.reporter.note(message);
    return this.manifest
      .wentThrough(() => this.wantedLines(), told)
      .catch((error: unknown) => {
        throw diskTrouble(error, `${OWN_FOLDER}/manifest.ndjson`);
      });
  }

  private *wantedLines(): Generator<ManifestLine> {
    for (const { line } of this.lines()) yield line;
  }

  *paths(): Generator<string> {
    for (const { line, number } of this.lines()) if (number >= 0) yield line.path;
  }

  private count(line: ManifestLine): void {
    this.files += 1;
    this.bytes += line.size;
  }

  /** Pages of the server, those that are wanted; counted, and refused where they cannot be written. */
  private async *listed(): AsyncGenerator<ManifestLine> {
    let refused = 0;
    for await (const line of this.client.items<ManifestLine>(`${this.base}/files`)) {
      if (line.type === 'file') this.ofAllFiles += 1;
      if (!this.isWanted(line.path)) continue;
      placeOf(this.target, line.path);
      const trouble = process.platform === 'win32' ? windowsTrouble(line.path) : undefined;
      if (trouble !== undefined) {
        refused += 1;
        this.reporter.error(`${trouble}; fetch it on another system, or leave it out with --only`, line.path);
      }
      if (line.type === 'file') this.count(line);
      this.ownLines += 1;
      yield line;
    }
    if (refused > 0) throw new Failure(`Nothing was fetched: ${refused} names cannot be written on this system.`);
  }
}
