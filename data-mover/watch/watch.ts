// `data-mover watch`: each folder directly in the watched one is a dataset; when it is finished it is uploaded, once.
// One thing is done at a time, so that no look at the folders begins while another, or an upload, is under way.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failures.js';
import type { Reporter } from '../report/reporter.js';
import { duration } from '../report/units.js';
import { NotText, readText } from '../text-file.js';
import type { Upload, UploadOptions } from '../upload/upload.types.js';
import {
  absent,
  afterClockSet,
  clockSetBy,
  type DatasetRecord,
  failed,
  type Finish,
  isFinished,
  isThatDataset,
  isToBeLookedAtAgain,
  isToBeTried,
  looked,
  lookedAfterwards,
  newRecord,
  NOT_SENT,
} from './dataset.rules.js';
import { type Instructions, readInstructions } from './instructions.rules.js';
import { hasFile, identityOf, lookAt, wholeLookAt } from './look.js';
import { WatchState } from './watch-state.js';
import { WatchedFolder } from './watched-folder.js';

export const INSTRUCTIONS_FILE = 'recipients.txt';

export interface WatchOptions extends Finish {
  folder: string;
  /** For datasets that name nobody. */
  to: string[];
  lookEveryMs: number;
  retryAfterMs: number;
  followSymlinks: boolean;
}

type Dataset = Pick<UploadOptions, 'to' | 'keywords' | 'name' | 'note' | 'paths' | 'leaveOut'>;

/** Runs until `signal` stops it. @throws Failure the token is no longer valid, or another watch is at the folder */
export async function watch(
  options: WatchOptions,
  upload: (dataset: Dataset) => Promise<Upload>,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const state = new WatchState(options.folder);
  const unlock = await state.lock();
  reporter.note(`Watching ${options.folder}; what is finished is uploaded.`);
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
    unlock();
  }
  reporter.note('Stopped; what was under way goes on at the next start.');
}

class Watching {
  private readonly watched: WatchedFolder;
  private isNotesTroubleTold = false;
  private clocks = { now: Date.now(), steady: performance.now() };

  constructor(
    private readonly options: WatchOptions,
    private readonly upload: (dataset: Dataset) => Promise<Upload>,
    private readonly reporter: Reporter,
    private readonly signal: AbortSignal,
    private readonly state: WatchState,
  ) {
    this.watched = new WatchedFolder(options.folder, reporter);
  }

  async round(): Promise<void> {
    this.followClock();
    const names = this.watched.datasets();
    if (!names) return;
    const now = Date.now();
    for (const [name, record] of this.state.datasets) if (!names.includes(name)) this.note(name, absent(record, now));
    for (const name of names) {
      try {
        await this.dataset(name);
      } catch (error) {
        // Whatever is wrong with one, the others go on.
        if (this.signal.aborted || endsAll(error)) throw error;
        const known = this.state.datasets.get(name);
        // What is wrong with the folder of one that is safe in Mediaflux, a later look tells.
        if (known?.state !== 'uploaded') this.failed(name, known ?? newRecord('', Date.now()), error);
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
    this.keeping(() => this.state.setAll((record) => afterClockSet(record, by)));
  }

  private async dataset(name: string): Promise<void> {
    const { options } = this;
    const now = Date.now();
    const before = this.state.datasets.get(name);
    if (before?.state === 'failed' && !isToBeTried(before, options.retryAfterMs, now)) return;
    const place = join(options.folder, name);
    const identity = identityOf(place);
    if (before?.state === 'uploaded' && before.absentSince === undefined && isThatDataset(before, identity)) {
      if (isToBeLookedAtAgain(before, now)) await this.lookAfterwards(name, before, place);
      return;
    }
    const look = await lookAt(place, { signal: this.signal, followSymlinks: options.followSymlinks });
    if (before?.state === 'uploaded' && (isThatDataset(before, identity) || before.look === look)) {
      this.note(name, { ...before, identity, absentSince: undefined });
      return;
    }
    // Of an uploaded dataset's name, and another.
    const known = before?.state === 'uploaded' ? undefined : before;
    const record = known ? looked(present(known), look, now) : newRecord(look, now);
    this.note(name, record);
    const hasReadyFile = options.readyFile !== undefined && hasFile(place, options.readyFile);
    if (!isFinished(record, hasReadyFile, options, now)) return;
    const instructions = this.instructionsOf(place);
    if ('problem' in instructions) this.wait(name, record, instructions.problem);
    else await this.send(name, { ...record, identity }, place, instructions);
  }

  /** What came to a dataset after it was taken for finished is sent by nobody; somebody has to know. */
  private async lookAfterwards(name: string, before: DatasetRecord, place: string): Promise<void> {
    const look = await this.lookAtWhatIsSent(place);
    if (look === undefined) return;
    const after = lookedAfterwards(before, look, Date.now());
    if (after.changedAt !== undefined && before.changedAt === undefined)
      this.reporter.error(`it has changed since it was uploaded as ${before.folder ?? 'another'}: ${NOT_SENT}`, name);
    this.note(name, after);
  }

  private lookAtWhatIsSent(place: string): Promise<string | undefined> {
    const { followSymlinks } = this.options;
    return wholeLookAt(place, { signal: this.signal, followSymlinks, leaveOut: this.leftOut });
  }

  /** What tells this program about a dataset is no part of it. */
  private get leftOut(): string[] {
    const { readyFile } = this.options;
    return [INSTRUCTIONS_FILE, ...(readyFile === undefined ? [] : [readyFile])];
  }

  private instructionsOf(place: string): Instructions | { problem: string } {
    const said = this.saidIn(join(place, INSTRUCTIONS_FILE));
    if ('problem' in said) return { problem: `${INSTRUCTIONS_FILE}: ${said.problem}` };
    const recipients = said.recipients.length > 0 ? said.recipients : this.options.to;
    if (recipients.length === 0)
      return { problem: `it is finished, and names nobody: put an address into ${INSTRUCTIONS_FILE}` };
    return { ...said, recipients };
  }

  private saidIn(file: string): Instructions | { problem: string } {
    if (!existsSync(file)) return { recipients: [], keywords: [] };
    try {
      return readInstructions(readText(file));
    } catch (error) {
      if (error instanceof NotText) return { problem: 'it is no text' };
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      return { problem: code === 'EISDIR' ? 'it is a folder and not a file' : `it cannot be read (${code})` };
    }
  }

  /** Kept, if the disk lets it: what cannot be kept holds until this program ends, and is told once. */
  private note(name: string, record: DatasetRecord | undefined): void {
    this.keeping(() => this.state.set(name, record));
  }

  private keeping(keep: () => void): void {
    try {
      keep();
      this.isNotesTroubleTold = false;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!this.isNotesTroubleTold) this.reporter.error(error.message);
      this.isNotesTroubleTold = true;
    }
  }

  private failed(name: string, record: DatasetRecord, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const after = failed(record, message, this.options.retryAfterMs, Date.now());
    this.note(name, after);
    this.reporter.error(`${message} It is tried again at ${new Date(after.nextTryAt).toISOString()}.`, name);
  }

  /** It is finished and cannot go yet; a person has to do something. */
  private wait(name: string, record: DatasetRecord, message: string): void {
    if (record.message !== message) this.reporter.waits(message, name);
    this.note(name, { ...record, state: 'waiting', message });
  }

  private async send(name: string, record: DatasetRecord, place: string, said: Instructions): Promise<void> {
    this.note(name, { ...record, state: 'uploading', message: undefined });
    this.reporter.note('finished; it is uploaded now', name);
    let uploaded: DatasetRecord;
    try {
      const sentLook = await this.lookAtWhatIsSent(place);
      const upload = await this.upload({
        to: said.recipients,
        keywords: said.keywords,
        name: said.name,
        note: said.note,
        paths: [place],
        leaveOut: this.leftOut,
      });
      const { folder } = upload;
      uploaded = { ...record, state: 'uploaded', message: undefined, folder, uploadedAt: Date.now(), sentLook };
      this.note(name, uploaded);
    } catch (error) {
      if (this.signal.aborted) throw error;
      this.failed(name, record, error);
      if (endsAll(error)) throw error;
      return;
    }
    await this.lookAfterwards(name, uploaded, place);
  }
}

/** The token is no longer valid. */
const endsAll = (error: unknown): boolean => error instanceof Failure && error.exitCode === 3;

function present(record: DatasetRecord): DatasetRecord {
  return record.absentSince === undefined ? record : { ...record, absentSince: undefined };
}
