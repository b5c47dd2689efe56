// How each dataset stands, kept and told: what a person has to know of it is said once, and stays in `--status`.

import { Failure } from '../failures.js';
import type { WaitedInVain } from '../patience.js';
import type { Reporter } from '../report/reporter.js';
import { type DatasetRecord, failed, heldUp } from './dataset.rules.js';
import type { WatchState } from './watch-state.js';

export interface Pauses {
  lookEveryMs: number;
  retryAfterMs: number;
}

export class Standings {
  private isNotesTroubleTold = false;

  constructor(
    private readonly state: WatchState,
    private readonly reporter: Reporter,
    private readonly pauses: Pauses,
  ) {}

  get all(): ReadonlyMap<string, DatasetRecord> {
    return this.state.datasets;
  }

  of(name: string): DatasetRecord | undefined {
    return this.state.datasets.get(name);
  }

  /** Kept, if the disk lets it: what cannot be kept holds until this program ends, and is told once. */
  note(name: string, record: DatasetRecord | undefined): void {
    this.keeping(() => this.state.set(name, record));
  }

  noteAll(change: (record: DatasetRecord) => DatasetRecord): void {
    this.keeping(() => this.state.setAll(change));
  }

  failed(name: string, record: DatasetRecord, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const after = failed(record, message, this.pauses.retryAfterMs, Date.now());
    this.note(name, after);
    this.reporter.error(`${message} It is tried again at ${new Date(after.nextTryAt).toISOString()}.`, name);
  }

  /** It is finished and cannot go yet; a person has to do something. */
  waits(name: string, record: DatasetRecord, message: string): void {
    if (record.message !== message) this.reporter.waits(message, name);
    this.note(name, { ...record, state: 'waiting', vainTries: undefined, message });
  }

  /** It is finished and cannot go yet; whoever it waits for comes back some time. */
  heldUp(name: string, record: DatasetRecord, { reason }: WaitedInVain): void {
    if (record.message !== reason)
      this.reporter.waits(`${reason} It is tried again and again, after the other datasets.`, name);
    this.note(name, heldUp(record, reason, this.pauses.lookEveryMs, Date.now()));
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
}
