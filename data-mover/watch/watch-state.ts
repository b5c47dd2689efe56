// What is known of the datasets of a watched folder: kept outside it, written by rename.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderFor } from '../journal/home.js';
import { lock } from '../journal/lock.js';
import type { DatasetRecord } from './dataset.rules.js';

export class WatchState {
  readonly datasets: Map<string, DatasetRecord>;
  private readonly folder: string;

  constructor(watched: string) {
    this.folder = folderFor(['watch', watched]);
    const file = this.file('datasets.json');
    this.datasets = new Map(
      existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, DatasetRecord>) : [],
    );
  }

  /** @throws Failure another watch is at this folder */
  lock(): () => void {
    return lock(this.file('lock'), 'watching this folder');
  }

  set(name: string, record: DatasetRecord): void {
    if (this.datasets.get(name) === record) return;
    this.datasets.set(name, record);
    this.save();
  }

  forget(name: string): void {
    if (this.datasets.delete(name)) this.save();
  }

  private save(): void {
    writeFileSync(this.file('datasets.json.new'), JSON.stringify(Object.fromEntries(this.datasets), null, 1), {
      mode: 0o600,
    });
    renameSync(this.file('datasets.json.new'), this.file('datasets.json'));
  }

  private file(name: string): string {
    return join(this.folder, name);
  }
}
