// `data-mover download`: what a link offers into a folder; every file verified, and whole before it has its name.

import { randomUUID } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DispatchClient } from '../dispatch-api/client.js';
import { Failure, noLongerValid, wrongUse } from '../failures.js';
import { makeFolders } from '../journal/folders.js';
import { type Held, holdShared } from '../journal/held.js';
import { folderFor, inNotes } from '../journal/home.js';
import { lock } from '../journal/lock.js';
import { LogFile } from '../report/log-file.js';
import type { Reporter } from '../report/reporter.js';
import { size } from '../report/units.js';
import type { MediafluxLink } from '../transfer/mediaflux-link.js';
import { BegunDownload, type Offer, type RunningDownload } from './begun-download.js';
import { DiskTrouble, diskTrouble } from './disk-trouble.js';
import { FetchedFiles } from './fetching/fetch-files.js';
import { Inside } from './inside.js';
import { MadeFolders } from './fetching/made-folders.js';
import { LinkManifest } from './folder-manifests.js';
import { OWN_FOLDER } from '../journal/own-folder.js';
import type { ManifestLine } from './manifest.js';
import { refuseClashes } from './present/name-clashes.js';
import { type FileSet, PresentFiles } from './present/present-files.js';
import { ReportedDownload } from './reported-download.js';
import { VerifiedFiles } from './present/verified-files.js';
import { WantedFiles } from './wanted-files.js';

export interface DownloadOptions {
  server: string;
  token: string;
  only: string[];
  folder: string;
  overwrite: boolean;
  /** Name of a computer at which surely nothing runs any more. */
  takeOver?: string | undefined;
  parallel: number;
}

export async function download(options: DownloadOptions, client: DispatchClient, reporter: Reporter): Promise<void> {
  const target = resolve(options.folder);
  const own = folderFor(['download', options.token, target]);
  const begun = new BegunDownload(client, `/api/v1/shares/${options.token}`, own);
  const offer = await begun.offer();
  const ownFolder = join(target, OWN_FOLDER);
  try {
    makeFolders(ownFolder);
  } catch (error) {
    const trouble = diskTrouble(error, target);
    if (trouble instanceof DiskTrouble) throw trouble;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw wrongUse(`${target} cannot be used as a folder to download into (${code}).`);
  }
  new Inside(target).check(ownFolder, ownFolder);
  const locks = folderFor(['download-into', realpathSync(target)]);
  const unlock = await lock(join(locks, 'lock'), WHAT);
  let held: Held | undefined;
  const verified = new VerifiedFiles(join(locks, 'verified.ndjson'));
  const manifest = new LinkManifest(ownFolder, options.token);
  try {
    held = await heldTarget(ownFolder, options.takeOver);
    reporter.log = inNotes(() => new LogFile(join(own, 'transfer.log')));
    await new DownloadRun(options, client, reporter, target, manifest, begun, verified, held).run(offer);
  } catch (error) {
    reporter.log?.write(`ended: ${error instanceof Error ? error.message : String(error)}`);
    // What was begun goes on with it, and of a folder that is refused it is somebody else's.
    if (held?.isOurs && !begun.note) manifest.forgetAsked();
    throw error;
  } finally {
    verified.close();
    reporter.closeLog();
    held?.letGo();
    unlock();
  }
}

const WHAT = 'a download into this folder';

/** The lock above is this home's; others may download into the folder too, with notes elsewhere. Decision 0022. */
async function heldTarget(ownFolder: string, takeOver: string | undefined): Promise<Held> {
  const words = { what: WHAT, orElse: ', or download into another folder' };
  return holdShared(ownFolder, words, takeOver).catch((error: unknown) => {
    throw diskTrouble(error, OWN_FOLDER);
  });
}

class DownloadRun {
  private readonly base: string;
  private readonly ownFolder: string;
  private readonly wanted: WantedFiles;
  private readonly folders: MadeFolders;
  private readonly inside: Inside;

  constructor(
    private readonly options: DownloadOptions,
    private readonly client: DispatchClient,
    private readonly reporter: Reporter,
    private readonly target: string,
    private readonly manifest: LinkManifest,
    private readonly begun: BegunDownload,
    private readonly verified: VerifiedFiles,
    private readonly heldTarget: Held,
  ) {
    this.base = `/api/v1/shares/${options.token}`;
    this.ownFolder = join(target, OWN_FOLDER);
    this.inside = new Inside(target);
    this.folders = new MadeFolders(this.inside);
    this.wanted = new WantedFiles(this.base, target, options.only, client, reporter, manifest);
  }

  async run({ share, goesOn }: Offer): Promise<void> {
    const { wanted } = this;
    const manifest = goesOn ? wanted.takeKept(share, this.begun) : await wanted.askFor();
    const { files, bytes, ownLines } = wanted;
    if (files === 0)
      throw wrongUse(`None of the ${share.files} files fits --only: its paths begin at the top of the data.`);
    refuseClashes(() => wanted.lines(), this.ownFolder, this.reporter);
    this.reporter.start({ files, bytes, folder: share.folder });
    const present = await this.lookAtWhatIsThere();
    const transferredBytes =
      goesOn === 'complete'
        ? await this.allIsThere(present)
        : await this.transfer(await this.begun.begin(share, goesOn, { lines: ownLines, manifest }), present);
    this.heldTarget.mustBeOurs();
    await wanted.wentThrough();
    this.begun.completed();
    this.manifest.end();
    const held = `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}`;
    this.reporter.done(
      { folder: share.folder, files, bytes, transferredBytes },
      `Downloaded and verified: ${held}, in ${this.target}`,
      `downloaded and verified: ${held}`,
    );
  }

  /** @throws Failure some are there and differ; each is named before */
  private async lookAtWhatIsThere(): Promise<PresentFiles> {
    const { target, wanted, verified, inside, reporter } = this;
    const { signal } = this.client.options;
    const written = this.begun.note?.written ?? [];
    const present = new PresentFiles({ ...this.options, target, signal, written }, wanted, verified, inside, reporter);
    await present.look((place, path) => this.folders.make(place, path));
    if (present.different > 0) {
      // Whoever has to put something right wants to know of all.
      await present.check(signal);
      throw new Failure(`${inTheWay(present)} nothing was fetched.`);
    }
    return present;
  }

  /**
   * Of a download that the server knows to be complete, and of which nothing more can be fetched. Answers the bytes received.
   * @throws Failure it is not all there
   */
  private async allIsThere(present: PresentFiles): Promise<number> {
    await present.check(this.client.options.signal);
    if (present.different > 0) throw new Failure(`${inTheWay(present)} left as before.`);
    const missing = present.missing.count + present.outdated.count;
    if (missing > 0)
      throw noLongerValid(
        `${missing} of ${this.wanted.files} files ${missing === 1 ? 'is' : 'are'} no longer there as fetched, and the link has expired. Ask whoever sent the link for another one.`,
      );
    return 0;
  }

  private async transfer(begun: RunningDownload, present: PresentFiles): Promise<number> {
    const { files, bytes, ofAllFiles } = this.wanted;
    const { client, heldTarget, reporter } = this;
    const address = `${this.base}/downloads/${begun.id}`;
    const reported = new ReportedDownload(client, address, reporter, () => heldTarget.mustBeOurs());
    const link = reported.link(begun.mediaflux, this.options.parallel);
    try {
      reported.tellProgress();
      const receivedBytes = await this.fetchAndCheck(link, present, reported);
      reported.tellNoMore();
      await reported.completed(
        files === ofAllFiles ? { whole: true, files, bytes } : { whole: false, paths: this.wanted.paths() },
      );
      return receivedBytes;
    } catch (error) {
      reported.tellNoMore();
      // One that was stopped goes on when the command is run again.
      const isFailed = !this.client.options.signal.aborted;
      this.begun.ended(isFailed);
      if (isFailed) await reported.failed(error);
      throw error;
    } finally {
      await link.close();
    }
  }

  /**
   * What is missing is fetched while what is there is read. Answers the bytes received.
   * @throws Failure not all is there and verified
   */
  private async fetchAndCheck(link: MediafluxLink, present: PresentFiles, reported: ReportedDownload): Promise<number> {
    const partialFolder = join(this.ownFolder, 'partial');
    const { target, folders, verified, reporter } = this;
    const { parallel } = this.options;
    const { signal } = reported;
    const options = { target, partialFolder, run: randomUUID().slice(0, 8), parallel, signal };
    const files = new FetchedFiles(options, link, folders, verified, reporter);
    const fetchAll = async (set: FileSet): Promise<void> => {
      if (set.count === 0) return;
      this.heldTarget.mustBeOurs();
      this.manifest.begin();
      await files.fetch(this.linesOf(set));
    };
    const ending = new AbortController();
    const ends = (error: unknown): never => {
      ending.abort(error);
      throw error;
    };
    try {
      const both = await Promise.allSettled([
        fetchAll(present.missing).catch(ends),
        present.check(AbortSignal.any([signal, ending.signal])),
      ]);
      for (const one of both) if (one.status === 'rejected') throw one.reason;
      await fetchAll(present.outdated);
    } finally {
      // Before the server is told that it ended: a list that goes on would have its credential renewed.
      await files.close();
    }
    const failures = [
      ...(files.failed === 0
        ? []
        : [
            `${files.failed} of ${this.wanted.files} files could not be fetched. Run the same command again to try them anew.`,
          ]),
      ...(present.different === 0 ? [] : [`${inTheWay(present)} left as before.`]),
    ];
    if (failures.length > 0) throw new Failure(failures.join(' '));
    this.heldTarget.mustBeOurs();
    rmSync(partialFolder, { recursive: true, force: true });
    return files.receivedBytes;
  }

  private *linesOf(set: FileSet): Generator<ManifestLine> {
    for (const { line, number } of this.wanted.lines()) if (set.has(number)) yield line;
  }
}

const inTheWay = ({ different }: PresentFiles): string =>
  `${different} ${different === 1 ? 'file is' : 'files are'} there already and ${different === 1 ? 'differs' : 'differ'};`;
