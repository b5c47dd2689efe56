// What is known of the datasets of a watched folder: kept outside it, written by rename.

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from '../journal/durable.js';
import { folderFor, inNotes } from '../journal/home.js';
import { lock } from '../journal/lock.js';
import type { DatasetRecord } from './dataset.rules.js';

export class WatchState {
  readonly datasets = new Map<string, DatasetRecord>();
  private readonly folder: string;
  private isDamaged = false;

  /** @throws Failure its folder cannot be used */
  constructor(watched: string) {
    this.folder = folderFor(['watch', watched]);
    const found = inNotes(() => readJson<Record<string, DatasetRecord>>(this.file('datasets.json')));
    if (found === 'damaged') this.isDamaged = true;
    else for (const [name, record] of Object.entries(found?.value ?? {})) this.datasets.set(name, record);
  }

  /** @throws Failure another watch is at this folder */
  lock(): Promise<() => void> {
    return lock(this.file('lock'), 'watching this folder');
  }

  /** Puts what is damaged aside, and answers where it is then; undefined: nothing is. */
  putAside(): string | undefined {
    if (!this.isDamaged) return undefined;
    const file = this.file('datasets.json');
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
    inNotes(() => writeWhole(this.file('datasets.json'), JSON.stringify(Object.fromEntries(this.datasets), null, 1)));
  }

  private file(name: string): string {
    return join(this.folder, name);
  }
}
