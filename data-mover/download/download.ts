// `data-mover download`: what a link offers into a folder; every file verified, and whole before it has its name.

import { realpathSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { DispatchClient } from '../dispatch-api/client.js';
import { Failure, noLongerValid, wrongUse } from '../failures.js';
import { makeFolders } from '../journal/folders.js';
import { folderFor, inNotes } from '../journal/home.js';
import { lock } from '../journal/lock.js';
import { LogFile } from '../report/log-file.js';
import type { Reporter } from '../report/reporter.js';
import { size } from '../report/units.js';
import { windowsTrouble } from '../tree/names.rules.js';
import { inParallel } from '../transfer/in-parallel.js';
import { refusalOf, Refusals } from '../transfer/mediaflux-trouble.js';
import { BegunDownload, type Offer, type RunningDownload, type Share } from './begun-download.js';
import { DiskTrouble, diskTrouble, Fetching } from './fetch-file.js';
import { Inside } from './inside.js';
import { KeptManifest, type ManifestLine, OWN_FOLDER, placeOf } from './manifest.js';
import { refuseClashes } from './name-clashes.js';
import { ReportedDownload } from './reported-download.js';
import { StoredFiles } from './stored-files.js';
import { Missing, whatIsThere } from './what-is-there.js';

export interface DownloadOptions {
  server: string;
  token: string;
  only: string[];
  folder: string;
  overwrite: boolean;
  parallel: number;
}

export async function download(options: DownloadOptions, client: DispatchClient, reporter: Reporter): Promise<void> {
  const target = resolve(options.folder);
  const own = folderFor(['download', options.token, target]);
  const begun = new BegunDownload(client, `/api/v1/shares/${options.token}`, own);
  const offer = await begun.offer();
  const manifest = new KeptManifest(target);
  try {
    makeFolders(manifest.ownFolder);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (['ENOSPC', 'EDQUOT', 'EIO'].includes(code)) throw diskTrouble(error, target);
    throw wrongUse(`${target} cannot be used as a folder to download into (${code}).`);
  }
  new Inside(target).check(manifest.ownFolder, manifest.ownFolder);
  const locks = folderFor(['download-into', realpathSync(target)]);
  const unlock = await lock(join(locks, 'lock'), 'a download into this folder');
  try {
    reporter.log = inNotes(() => new LogFile(join(own, 'transfer.log')));
    await new DownloadRun(options, client, reporter, target, manifest, begun).run(offer);
  } catch (error) {
    reporter.log?.write(`ended: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  } finally {
    reporter.closeLog();
    unlock();
  }
}

class DownloadRun {
  private readonly base: string;
  private readonly isWanted: (path: string) => boolean;
  private readonly folders = new Set<string>();
  private readonly inside: Inside;
  private readonly refusals = new Refusals();
  private files = 0;
  private bytes = 0;
  private ofAllFiles = 0;
  /** So many of the manifest's first lines are of this download. */
  private ownLines = 0;
  private missing = new Missing(0);

  constructor(
    private readonly options: DownloadOptions,
    private readonly client: DispatchClient,
    private readonly reporter: Reporter,
    private readonly target: string,
    private readonly manifest: KeptManifest,
    private readonly begun: BegunDownload,
  ) {
    this.base = `/api/v1/shares/${options.token}`;
    this.inside = new Inside(target);
    this.isWanted = options.only.length === 0 ? () => true : picomatch(options.only, { dot: true });
  }

  async run({ share, goesOn }: Offer): Promise<void> {
    const manifest = goesOn ? this.keptManifest(share) : await this.freshManifest();
    if (this.files === 0) throw wrongUse(`None of the ${share.files} files fits --only.`);
    refuseClashes(() => this.lines(), this.manifest.ownFolder, this.reporter);
    this.reporter.start({ files: this.files, bytes: this.bytes, folder: share.folder });
    await this.lookAtWhatIsThere();
    const transferredBytes = await this.fetchMissing(
      await this.begun.begin({ share, goesOn }, { lines: this.ownLines, manifest }),
    );
    const { files, bytes } = this;
    const held = `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}`;
    this.reporter.done(
      { folder: share.folder, files, bytes, transferredBytes },
      `Downloaded and verified: ${held}, in ${this.target}`,
      `downloaded and verified: ${held}`,
    );
  }

  private freshManifest(): Promise<string> {
    return this.manifest
      .keep(this.wantedLines(), (message) => this.reporter.note(message))
      .catch((error: unknown) => {
        throw diskTrouble(error, `${OWN_FOLDER}/manifest.ndjson`);
      });
  }

  /** The lines of an earlier run: of an expired link the server tells none. */
  private keptManifest(share: Share): string {
    const { note } = this.begun;
    const sum = this.manifest.exists ? this.manifest.sum() : undefined;
    if (!note || sum !== note.manifest)
      throw noLongerValid(
        'The link has expired, and the list of its files in this folder is not the one that the download was begun with, so that it cannot go on. Ask whoever sent the link for another one.',
      );
    this.ofAllFiles = share.files;
    this.ownLines = note.lines;
    for (const { line } of this.lines()) if (line.type === 'file') this.count(line);
    return sum;
  }

  private count(line: ManifestLine): void {
    this.files += 1;
    this.bytes += line.size;
  }

  /** Pages of the server, those that are wanted; counted, and refused where they cannot be written. */
  private async *wantedLines(): AsyncGenerator<ManifestLine> {
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

  /** Lines of this download; the manifest may hold more, of earlier ones. */
  private *lines(): Generator<{ line: ManifestLine; number: number }> {
    let number = 0;
    let at = 0;
    for (const line of this.manifest.lines()) {
      if (at >= this.ownLines) return;
      at += 1;
      if (!this.isWanted(line.path)) continue;
      yield { line, number: line.type === 'file' ? number : -1 };
      if (line.type === 'file') number += 1;
    }
  }

  /** Which are missing. @throws Failure others are there and differ; each is named before */
  private async lookAtWhatIsThere(): Promise<void> {
    const { signal } = this.client.options;
    const { overwrite } = this.options;
    this.missing = new Missing(this.files);
    let different = 0;
    for (const { line, number } of this.lines()) {
      signal.throwIfAborted();
      const place = placeOf(this.target, line.path);
      this.inside.check(dirname(place), line.path);
      if (line.type === 'directory') await this.makeFolder(place, line.path);
      else {
        const found = await whatIsThere(place, line, this.reporter, { overwrite, signal });
        if (found === 'equal') this.reporter.file(line.path, 0, true, line.size);
        else if (found === 'in the way') different += 1;
        else this.missing.add(number);
      }
    }
    if (different > 0)
      throw new Failure(
        `${different} ${different === 1 ? 'file is' : 'files are'} there already and ${different === 1 ? 'differs' : 'differ'}; nothing was fetched.`,
      );
  }

  private async fetchMissing(begun: RunningDownload): Promise<number> {
    const reported = new ReportedDownload(this.client, `${this.base}/downloads/${begun.id}`, this.reporter);
    const link = reported.link(begun.mediaflux, this.options.parallel);
    try {
      reported.files = this.files - this.missing.count;
      let failed = 0;
      if (this.missing.count > 0) {
        const held = await StoredFiles.of(link);
        const partialFolder = join(this.manifest.ownFolder, 'partial');
        await this.makeFolder(partialFolder, `${OWN_FOLDER}/partial`);
        const onBytes = (path: string, bytes: number): void => this.reporter.moved(path, bytes);
        const fetching = new Fetching(link, partialFolder, onBytes, this.client.options.signal);
        await inParallel(this.missingLines(), this.options.parallel, async (line) => {
          if (!(await this.fetchOne(line, fetching, held, reported))) failed += 1;
        });
        if (failed > 0)
          throw new Failure(
            `${failed} of ${this.files} files could not be fetched. Run the same command again to try them anew.`,
          );
        rmSync(partialFolder, { recursive: true, force: true });
      }
      await reported.completed(
        this.files === this.ofAllFiles
          ? { whole: true, files: this.files, bytes: this.bytes }
          : { whole: false, paths: this.filePaths() },
      );
      this.begun.completed();
      return reported.receivedBytes;
    } catch (error) {
      // One that was stopped goes on when the command is run again.
      if (!this.client.options.signal.aborted) {
        this.begun.failed();
        await reported.failed(error);
      }
      throw error;
    } finally {
      await link.close();
    }
  }

  private async fetchOne(
    line: ManifestLine,
    fetching: Fetching,
    stored: StoredFiles,
    reported: ReportedDownload,
  ): Promise<boolean> {
    try {
      const held = stored.get(line.path);
      if (!held) throw new Failure('Mediaflux no longer has it; please tell whoever sent the link', 1, line.path);
      const place = placeOf(this.target, line.path);
      await this.makeFolder(dirname(place), line.path);
      this.reporter.begins(line.path, line.size);
      const received = await fetching.fetch(line, place, held);
      this.reporter.file(line.path, received, false, line.size);
      this.refusals.wentWell();
      await reported.fetched(line.size, received);
      return true;
    } catch (caught) {
      const error = refusalOf(caught, line.path, 'give');
      if (!(error instanceof Failure) || error.path === undefined || error instanceof DiskTrouble) throw error;
      this.reporter.failed(line.path);
      this.reporter.error(error.message, error.path);
      this.refusals.note(error);
      return false;
    }
  }

  private async makeFolder(folder: string, path: string): Promise<void> {
    if (this.folders.has(folder)) return;
    if (this.folders.size > 10_000) this.folders.clear();
    this.inside.check(folder, path);
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw diskTrouble(error, path);
    });
    this.folders.add(folder);
  }

  private *missingLines(): Generator<ManifestLine> {
    for (const { line, number } of this.lines()) if (this.missing.has(number)) yield line;
  }

  private *filePaths(): Generator<string> {
    for (const { line, number } of this.lines()) if (number >= 0) yield line.path;
  }
}
