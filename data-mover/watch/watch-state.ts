// What is known of the datasets of a watched folder: kept outside it, written by rename.

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from '../journal/durable.js';
import { inNotes } from '../journal/home.js';
import { NotesFolder, toldOfNotTaken } from '../journal/notes-folder.js';
import type { DatasetRecord } from './dataset.rules.js';

/** What was noted of the datasets of a watched folder. */
export type Datasets = Map<string, DatasetRecord>;

const none = (): Datasets => new Map();
const FILE = 'datasets.json';
const aboutOf = (watched: string): string[] => ['watch', watched];

/** What is known of them, whether a watch runs or not, and the other computer that watches them. @throws Failure */
export function known(watched: string): { datasets: Datasets; watchedBy?: string } {
  const found = inNotes(() => NotesFolder.find(aboutOf(watched), [watched]));
  if (!found) return { datasets: none() };
  const { folder, of } = found;
  return { datasets: read(folder) ?? none(), ...(of === undefined ? {} : { watchedBy: of }) };
}

export class WatchState {
  readonly datasets: Datasets;
  /** What a person should know of where they come from. */
  readonly remark: string | undefined;
  private isDamaged: boolean;

  /**
   * @param takeOver name of a computer at which surely nothing runs any more
   * @throws Failure another watch is at this folder, here or on another computer; its notes cannot be used
   */
  static async open(watched: string, takeOver: string | undefined): Promise<WatchState> {
    const what = 'watching this folder';
    const own = await NotesFolder.open({
      about: aboutOf(watched),
      what,
      paths: [watched],
      takeOver,
      orElse: '; DATA_MOVER_STATE=FOLDER keeps what this computer notes apart',
    });
    try {
      return new WatchState(own, toldOfNotTaken(own.notTaken, takeOver ?? '', what));
    } catch (error) {
      own.close();
      throw error;
    }
  }

  private constructor(
    private readonly own: NotesFolder,
    remark: string | undefined,
  ) {
    this.remark = remark;
    const found = read(own.folder);
    this.datasets = found ?? none();
    this.isDamaged = found === undefined;
  }

  /** Another watch may be at the folder then. */
  close(): void {
    this.own.close();
  }

  /** Puts what is damaged aside, and answers where it is then; undefined: nothing is. */
  putAside(): string | undefined {
    if (!this.isDamaged) return undefined;
    const file = this.file;
    inNotes(() => renameSync(file, `${file}.damaged`));
    this.isDamaged = false;
    return `${file}.damaged`;
  }

  /** It holds from now on, also when it cannot be kept. @throws Failure it cannot be kept */
  set(name: string, record: DatasetRecord | undefined): void {
    if (this.datasets.get(name) === record) return;
    if (record) this.datasets.set(name, record);
    else this.datasets.delete(name);
    this.save();
  }

  /** Changes all of them. @throws Failure as `set` */
  setAll(change: (record: DatasetRecord) => DatasetRecord): void {
    for (const [name, record] of this.datasets) this.datasets.set(name, change(record));
    this.save();
  }

  private save(): void {
    inNotes(() => writeWhole(this.file, JSON.stringify(Object.fromEntries(this.datasets), null, 1)));
  }

  private get file(): string {
    return join(this.own.folder, FILE);
  }
}

/** Undefined: it is damaged. */
function read(folder: string): Datasets | undefined {
  const found = inNotes(() => readJson<Record<string, Noted>>(join(folder, FILE)));
  if (found === 'damaged') return undefined;
  return new Map(Object.entries(found?.value ?? {}).map(([name, noted]) => [name, recordOf(noted)]));
}

/** A record of this version, or of one before, which noted globs alone of what was chosen. */
type Noted = DatasetRecord & { sentExclude?: readonly string[] };

function recordOf({ sentExclude: exclude = [], ...record }: Noted): DatasetRecord {
  return record.sentTree === undefined ? record : { ...record, sentSelection: record.sentSelection ?? { exclude } };
}
