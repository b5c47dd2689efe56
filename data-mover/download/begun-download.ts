// A download as the server knows it, and what is remembered of one that is not done, outside the user's folder: with its
// id it can go on for a while after the link has expired, when neither the files nor a new download can be asked for.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Credential, type DispatchClient, DOWNLOAD_COMPLETE } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import { readJson, writeWhole } from '../journal/durable.js';
import { inNotes } from '../journal/home.js';
import type { Written } from './present/lost-files.js';

export interface Share {
  /** Of the upload. */
  folder: string;
  /** Of the whole data. */
  files: number;
}

/** What the link offers; of one that has expired, what an earlier run began of it. */
export interface Offer {
  share: Share;
  /** `complete`: the server knows that all of it was fetched, and the run was stopped before it heard so. */
  goesOn?: Credential | 'complete' | undefined;
}

export interface RunningDownload {
  id: string;
  mediaflux: Credential;
}

/** Which lines of the manifest in the user's folder are this download's. */
interface OwnLines {
  /** The first so many … */
  lines: number;
  /** … of the manifest with this sum. */
  manifest: string;
}

interface DownloadNote extends Share, OwnLines {
  id: string;
  /** The server was told that it failed: as long as the link is valid another one is begun. */
  isFailed?: boolean;
  /** When its runs wrote to the folder, the latest last. */
  written?: Written[];
}

/** What those before lost is refused, as what is somebody else's. */
const MOST_RUNS = 1_000;

export class BegunDownload {
  private readonly file: string;

  /**
   * @param base address of the link in the API
   * @param folder the transfer's own
   */
  constructor(
    private readonly client: DispatchClient,
    private readonly base: string,
    folder: string,
  ) {
    this.file = join(folder, 'download.json');
  }

  /** What an earlier run began and did not end. */
  get note(): DownloadNote | undefined {
    const found = inNotes(() => readJson<DownloadNote>(this.file));
    return found === 'damaged' ? undefined : found?.value;
  }

  /** @throws Failure the link is no longer valid, and nothing that was begun may go on */
  async offer(): Promise<Offer> {
    try {
      return { share: await this.client.call<Share>('GET', this.base) };
    } catch (error) {
      const { note } = this;
      const running = note && isOfLink(error) ? await this.running(note.id) : undefined;
      if (!note || !running) throw error;
      const goesOn = running === 'complete' ? running : running.mediaflux;
      return { share: { folder: note.folder, files: note.files }, goesOn };
    }
  }

  /**
   * Goes on with what an earlier run began, where that may be, or begins anew; as after one that is complete, whose files
   * may have been others.
   * @param goesOn of a link that has expired
   */
  async begin(share: Share, goesOn: Credential | undefined, own: OwnLines): Promise<RunningDownload> {
    const { note } = this;
    const written = [...(note?.written ?? []), { fromMs: Date.now() }].slice(-MOST_RUNS);
    if (note && goesOn) {
      this.keep({ ...note, written });
      return { id: note.id, mediaflux: goesOn };
    }
    const known = note && !note.isFailed ? await this.running(note.id) : undefined;
    const isOver = known === undefined || known === 'complete';
    const begun = isOver ? await this.client.call<RunningDownload>('POST', `${this.base}/downloads`) : known;
    this.keep({ id: begun.id, folder: share.folder, files: share.files, ...own, written });
    return begun;
  }

  /** In order: nothing is written to the folder any more. @param isFailed otherwise it was stopped, and goes on */
  ended(isFailed: boolean): void {
    const { note } = this;
    if (!note) return;
    const written = (note.written ?? []).map((run, index, runs) =>
      index === runs.length - 1 ? { ...run, untilMs: Date.now() } : run,
    );
    this.keep({ ...note, ...(isFailed && { isFailed }), written });
  }

  completed(): void {
    inNotes(() => rmSync(this.file, { force: true }));
  }

  /** Undefined: the server does not let it go on. */
  private async running(id: string): Promise<RunningDownload | 'complete' | undefined> {
    try {
      const address = `${this.base}/downloads/${id}/credential`;
      return { id, mediaflux: (await this.client.call<{ mediaflux: Credential }>('POST', address)).mediaflux };
    } catch (error) {
      if (error instanceof Failure && error.problem?.type === DOWNLOAD_COMPLETE) return 'complete';
      if (!isOfLink(error)) throw error;
      return undefined;
    }
  }

  private keep(note: DownloadNote): void {
    inNotes(() => writeWhole(this.file, JSON.stringify(note)));
  }
}

const isOfLink = (error: unknown): boolean => error instanceof Failure && error.exitCode === 3;
