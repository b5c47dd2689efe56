// `data-mover watch`: each folder directly in the watched one is a dataset; when it is finished it is uploaded, once.
// One thing is done at a time, so that no look at the folders begins while another, or an upload, is under way. An upload
// that has to wait for a server gives way to the other datasets, and has its turn again after them.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failures.js';
import { WaitedInVain } from '../patience.js';
import type { Reporter } from '../report/reporter.js';
import { duration } from '../report/units.js';
import type { Source } from '../tree/gather.js';
import type { Uploaded, UploadOptions } from '../upload/upload.types.js';
import {
  absent,
  afterClockSet,
  clockSetBy,
  type DatasetRecord,
  dueAtOnce,
  type Finish,
  inTurn,
  isFinished,
  isHeldUp,
  isPausing,
  isThatDataset,
  isToBeLookedAtAgain,
  looked,
  lookedAfterwards,
  newRecord,
  NOT_SENT,
} from './dataset.rules.js';
import { INSTRUCTIONS_FILE, instructionsOf } from './instructions.js';
import type { Instructions } from './instructions.rules.js';
import { fingerprintOf, hasFile, identityOf, lookAt } from './look.js';
import { Standings } from './standings.js';
import { WatchState } from './watch-state.js';
import { WatchedFolder } from './watched-folder.js';

export interface WatchOptions extends Finish {
  folder: string;
  /** For datasets that name nobody. */
  to: string[];
  lookEveryMs: number;
  retryAfterMs: number;
  followSymlinks: boolean;
  /** Name of a computer that shares this one's notes, and at which surely nothing runs any more. */
  takeOver?: string | undefined;
  /** Globs of what is no part of a dataset, relative to its top. */
  exclude: readonly string[];
}

type Dataset = Pick<UploadOptions, 'to' | 'keywords' | 'name' | 'note' | 'paths' | 'leaveOut' | 'dataset'>;

/**
 * Runs until `signal` stops it.
 * @param upload waits for a server only for as long as others may have to wait for their turn
 * @throws Failure the token is no longer valid, or another watch is at the folder
 */
export async function watch(
  options: WatchOptions,
  upload: (dataset: Dataset) => Promise<Uploaded>,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const state = await WatchState.open(options.folder, options.takeOver);
  reporter.note(`Watching ${options.folder}; what is finished is uploaded.`);
  if (state.remark !== undefined) reporter.note(state.remark);
  try {
    const damaged = state.putAside();
    if (damaged !== undefined)
      reporter.error(
        `what was noted of its datasets is damaged, and was put aside as ${damaged}; each is looked at anew, and what was uploaded before is not uploaded again`,
        options.folder,
      );
    const watching = new Watching(options, upload, reporter, signal, state);
    while (!signal.aborted) {
      await watching.round();
      await delay(options.lookEveryMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    state.close();
  }
  reporter.note('Stopped; what was under way goes on at the next start.');
}

class Watching {
  private readonly watched: WatchedFolder;
  private readonly standings: Standings;
  private clocks = { now: Date.now(), steady: performance.now() };

  constructor(
    private readonly options: WatchOptions,
    private readonly upload: (dataset: Dataset) => Promise<Uploaded>,
    private readonly reporter: Reporter,
    private readonly signal: AbortSignal,
    state: WatchState,
  ) {
    this.standings = new Standings(state, reporter, options);
    this.watched = new WatchedFolder(options.folder, reporter);
  }

  async round(): Promise<void> {
    this.followClock();
    const names = this.watched.datasets();
    if (!names) return;
    const now = Date.now();
    for (const [name, record] of this.standings.all)
      if (!names.includes(name)) this.standings.note(name, absent(record, now));
    for (const name of inTurn(names, this.standings.all)) {
      const wasHeldUp = isHeldUp(this.standings.of(name));
      try {
        // Of those that were held up no more is tried once one is again: others may be finished by now.
        if ((await this.dataset(name)) === 'held up' && wasHeldUp) return;
      } catch (error) {
        // Whatever is wrong with one, the others go on.
        if (this.signal.aborted || endsAll(error)) throw error;
        const known = this.standings.of(name);
        // What is wrong with the folder of one that is safe in Mediaflux, a later look tells.
        if (known?.state !== 'uploaded') this.standings.failed(name, known ?? newRecord('', Date.now()), error);
      }
    }
  }

  /** A clock that is set makes nothing finished that has been quiet for a moment only, and no pause years long. */
  private followClock(): void {
    const clocks = { now: Date.now(), steady: performance.now() };
    const by = clockSetBy(this.clocks, clocks);
    this.clocks = clocks;
    if (by === 0) return;
    this.reporter.note(
      `The clock of this computer was set ${by > 0 ? 'forward' : 'back'} by ${duration(Math.abs(by) / 1_000)}, or the computer slept; that time counts for nothing.`,
    );
    this.standings.noteAll((record) => afterClockSet(record, by));
  }

  private async dataset(name: string): Promise<'held up' | undefined> {
    const { options } = this;
    const now = Date.now();
    const before = this.standings.of(name);
    if (before && isPausing(before, options.retryAfterMs, now)) return undefined;
    const place = join(options.folder, name);
    const identity = identityOf(place);
    if (before?.state === 'uploaded' && before.absentSince === undefined && isThatDataset(before, identity)) {
      if (isToBeLookedAtAgain(before, now)) await this.lookAfterwards(name, before, place);
      return undefined;
    }
    const look = await lookAt(this.sourceOf(place));
    if (before?.state === 'uploaded' && (isThatDataset(before, identity) || before.look === look)) {
      this.standings.note(name, { ...before, identity, absentSince: undefined });
      return undefined;
    }
    // Of an uploaded dataset's name, and another.
    const known = before?.state === 'uploaded' ? undefined : before;
    const record = known ? looked(present(known), look, now) : newRecord(look, now);
    this.standings.note(name, record);
    const hasReadyFile = options.readyFile !== undefined && hasFile(place, options.readyFile);
    if (!isFinished(record, hasReadyFile, options, now)) return undefined;
    const instructions = instructionsOf(place, options.to);
    if ('problem' in instructions) {
      this.standings.waits(name, record, instructions.problem);
      return undefined;
    }
    return this.send(name, { ...record, identity }, place, instructions);
  }

  /** What came to a dataset after it was taken for finished is sent by nobody; somebody has to know. */
  private async lookAfterwards(name: string, before: DatasetRecord, place: string): Promise<void> {
    const tree = await fingerprintOf({ ...this.sourceOf(place), leaveOut: this.leftOut, ...before.sentSelection });
    if (tree === undefined) return;
    const after = lookedAfterwards(before, tree, Date.now());
    if (after.changedAt !== undefined && before.changedAt === undefined)
      this.reporter.error(`it has changed since it was uploaded as ${before.folder ?? 'another'}: ${NOT_SENT}`, name);
    this.standings.note(name, after);
  }

  private sourceOf(place: string): Source {
    const { followSymlinks, exclude } = this.options;
    return { paths: [place], signal: this.signal, followSymlinks, exclude };
  }

  /** What tells this program about a dataset is no part of it. */
  private get leftOut(): string[] {
    const { readyFile } = this.options;
    return [INSTRUCTIONS_FILE, ...(readyFile === undefined ? [] : [readyFile])];
  }

  private async send(
    name: string,
    record: DatasetRecord,
    place: string,
    said: Instructions,
  ): Promise<'held up' | undefined> {
    this.standings.note(name, { ...record, state: 'uploading', message: undefined });
    if (!isHeldUp(record)) this.reporter.note('finished; it is uploaded now', name);
    let uploaded: DatasetRecord;
    try {
      const { folder, sentTree, selection } = await this.upload({
        to: said.recipients,
        keywords: said.keywords,
        name: said.name,
        note: said.note,
        paths: [place],
        leaveOut: this.leftOut,
        // A folder that took its place is another dataset, and its upload another one.
        dataset: record.identity,
      });
      uploaded = {
        ...record,
        state: 'uploaded',
        message: undefined,
        vainTries: undefined,
        folder,
        uploadedAt: Date.now(),
        sentTree,
        sentSelection: selection,
      };
      this.standings.note(name, uploaded);
    } catch (error) {
      if (this.signal.aborted) throw error;
      if (error instanceof WaitedInVain) {
        this.standings.heldUp(name, record, error);
        return 'held up';
      }
      this.standings.failed(name, record, error);
      if (endsAll(error)) throw error;
      return undefined;
    }
    this.standings.noteAll(dueAtOnce);
    await this.lookAfterwards(name, uploaded, place);
    return undefined;
  }
}

/** The token is no longer valid. */
const endsAll = (error: unknown): boolean => error instanceof Failure && error.exitCode === 3;

function present(record: DatasetRecord): DatasetRecord {
  return record.absentSince === undefined ? record : { ...record, absentSince: undefined };
}
