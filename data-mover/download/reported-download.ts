// A download as the server is told of it: begun, progress, completed or failed.

import type { Credential, DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import { StillAway } from '../patience.js';
import type { Reporter } from '../report/reporter.js';
import { MediafluxLink } from '../transfer/mediaflux-link.js';

/** How often progress is told: ever more seldom, the longer it goes on. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 20_000;
const PART_OF_DURATION = 1 / 20;

/** Paths of a part that one call carries; a server takes a multiple of it. */
const PATHS_AT_ONCE_BYTES = 512 * 1024;

type Completed = { whole: true; files: number; bytes: number } | { whole: false; paths: Iterable<string> };

export class ReportedDownload {
  private readonly begunAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private told: { files: number; bytes: number } | undefined;
  private hasToldTrouble = false;
  private readonly ending = new AbortController();
  /** Of everything that the download does: it ends when the person stops it, and when its link is no longer valid. */
  readonly signal: AbortSignal;

  /**
   * @param address of the download in the API
   * @param reporter tells how far it is
   * @param mustBeOurs asked as often as progress is told. @throws Failure which ends the download
   */
  constructor(
    private readonly client: DispatchClient,
    private readonly address: string,
    private readonly reporter: Reporter,
    private readonly mustBeOurs: () => void,
  ) {
    this.signal = AbortSignal.any([client.options.signal, this.ending.signal]);
  }

  link(credential: Credential, connections: number): MediafluxLink {
    return new MediafluxLink(credential, {
      ...this.client.options,
      signal: this.signal,
      connections,
      renew: () => this.credential(),
      millisecondsUntil: (instant) => this.client.millisecondsUntil(instant),
    });
  }

  /**
   * A server that was away knows nothing of what moved meanwhile, and may take the download for one that stands still: if
   * it says that it is over, it is told, and asked once more.
   */
  private async credential(): Promise<Credential> {
    const ask = async () =>
      (await this.client.call<{ mediaflux: Credential }>('POST', `${this.address}/credential`)).mediaflux;
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== 3) throw error;
      if (!(await this.tellsNews().catch(() => false))) throw error;
      return ask();
    }
  }

  /** Tells from now on how far it is, inside files too, beside the transfer: nothing of that waits for the server. */
  tellProgress(): void {
    const pause = (performance.now() - this.begunAt) * PART_OF_DURATION;
    this.timer = setTimeout(
      () => void this.progress().finally(() => this.timer && this.tellProgress()),
      Math.min(Math.max(pause, FIRST_PAUSE_MS), LONGEST_PAUSE_MS),
    );
    this.timer.unref();
  }

  tellNoMore(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async progress(): Promise<void> {
    try {
      this.mustBeOurs();
    } catch (error) {
      this.ending.abort(error);
      return;
    }
    try {
      if (await this.tellsNews()) this.hasToldTrouble = false;
    } catch (error) {
      // It has ended meanwhile, and the server takes no progress of it any more.
      if (this.client.options.signal.aborted || this.timer === undefined) return;
      if (error instanceof Failure && error.exitCode === 3) this.ending.abort(error);
      else if (!this.hasToldTrouble)
        this.reporter.note(`The server could not be told how far it is; the transfer goes on. ${whyOf(error)}`);
      this.hasToldTrouble = true;
    }
  }

  /** False: there are none. @throws Failure what the server said; StillAway */
  private async tellsNews(): Promise<boolean> {
    const { files, bytes } = this.reporter.standing;
    if (files === this.told?.files && bytes === this.told.bytes) return false;
    await this.client.tell(`${this.address}/progress`, { files, bytes });
    this.told = { files, bytes };
    return true;
  }

  async completed(how: Completed): Promise<void> {
    if (how.whole) {
      await this.client.call('POST', `${this.address}/complete`, how);
      return;
    }
    let paths: string[] = [];
    let length = 0;
    for (const path of how.paths) {
      const bytes = Buffer.byteLength(path) + 3;
      if (length + bytes > PATHS_AT_ONCE_BYTES) {
        await this.client.call('POST', `${this.address}/fetched`, { paths });
        [paths, length] = [[], 0];
      }
      paths.push(path);
      length += bytes;
    }
    await this.client.call('POST', `${this.address}/complete`, { whole: false, paths });
  }

  async failed(error: unknown): Promise<void> {
    const reason = error instanceof Failure ? error.message : 'the transfer was broken off';
    try {
      await this.client.tell(`${this.address}/fail`, { reason: reason.slice(0, 500) });
    } catch (second) {
      this.reporter.note(`The server could not be told of the failure: ${whyOf(second)}`);
    }
  }
}

const whyOf = (error: unknown): string =>
  error instanceof StillAway ? error.reason : error instanceof Error ? error.message : String(error);
