// `data-mover download`: what a link offers into a folder; every file verified, and whole before it has its name.

import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DispatchClient } from '../dispatch-api/client.js';
import { Failure, wrongUse } from '../failures.js';
import { folderFor, inNotes } from '../journal/home.js';
import { lock } from '../journal/lock.js';
import { LogFile } from '../report/log-file.js';
import type { Reporter } from '../report/reporter.js';
import { size } from '../report/units.js';
import { inParallel } from '../transfer/in-parallel.js';
import { refusalOf, Refusals } from '../transfer/mediaflux-trouble.js';
import { BegunDownload, type Offer, type RunningDownload } from './begun-download.js';
import { DiskTrouble, diskTrouble, Fetching } from './fetch-file.js';
import { Inside } from './inside.js';
import { KeptManifest, type ManifestLine, OWN_FOLDER, placeOf } from './manifest.js';
import { refuseClashes } from './name-clashes.js';
import { ReportedDownload } from './reported-download.js';
import { StoredFiles } from './stored-files.js';
import { WantedFiles } from './wanted-files.js';
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
    mkdirSync(manifest.ownFolder, { recursive: true });
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
  private readonly wanted: WantedFiles;
  private readonly folders = new Set<string>();
  private readonly inside: Inside;
  private readonly refusals = new Refusals();
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
    this.wanted = new WantedFiles(this.base, target, options.only, client, reporter, manifest);
  }

  async run({ share, goesOn }: Offer): Promise<void> {
    const { wanted } = this;
    const manifest = goesOn ? wanted.takeKept(share, this.begun) : await wanted.askFor();
    const { files, bytes, ownLines } = wanted;
    if (files === 0) throw wrongUse(`None of the ${share.files} files fits --only.`);
    refuseClashes(() => wanted.lines(), this.manifest.ownFolder, this.reporter);
    this.reporter.start({ files, bytes, folder: share.folder });
    await this.lookAtWhatIsThere();
    const transferredBytes = await this.fetchMissing(
      await this.begun.begin({ share, goesOn }, { lines: ownLines, manifest }),
    );
    const held = `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}`;
    this.reporter.done(
      { folder: share.folder, files, bytes, transferredBytes },
      `Downloaded and verified: ${held}, in ${this.target}`,
      `downloaded and verified: ${held}`,
    );
  }

  /** Which are missing. @throws Failure others are there and differ; each is named before */
  private async lookAtWhatIsThere(): Promise<void> {
    const { signal } = this.client.options;
    const { overwrite } = this.options;
    this.missing = new Missing(this.wanted.files);
    let different = 0;
    for (const { line, number } of this.wanted.lines()) {
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
    if (different > 0) throw new Failure(`${different} files are there already and differ; nothing was fetched.`);
  }

  private async fetchMissing(begun: RunningDownload): Promise<number> {
    const { files, bytes, ofAllFiles } = this.wanted;
    const reported = new ReportedDownload(this.client, `${this.base}/downloads/${begun.id}`, this.reporter);
    const link = reported.link(begun.mediaflux, this.options.parallel);
    try {
      reported.files = files - this.missing.count;
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
            `${failed} of ${files} files could not be fetched. Run the same command again to try them anew.`,
          );
        rmSync(partialFolder, { recursive: true, force: true });
      }
      await reported.completed(
        files === ofAllFiles ? { whole: true, files, bytes } : { whole: false, paths: this.wanted.paths() },
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
    for (const { line, number } of this.wanted.lines()) if (this.missing.has(number)) yield line;
  }
}
