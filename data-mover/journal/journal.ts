// What a transfer remembers, outside the user's data, so that the same command goes on where it stopped: a small state
// written by rename, the list of what is to be sent, and a line for each file that was.

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderFor } from './home.js';
import { lock } from './lock.js';
import { SentFiles } from './sent-files.js';

export interface UploadState {
  idempotencyKey: string;
  uploadId?: string;
  /** Fingerprint of the tree that the server was told to verify … */
  sentTree?: string;
  /** … and found complete. */
  completedTree?: string;
  folder?: string;
}

export class Journal {
  readonly folder: string;
  state: UploadState;
  private files: SentFiles | undefined;

  /** @param about what makes the transfer this one: server, paths, recipients, name */
  constructor(about: readonly string[]) {
    this.folder = folderFor(['upload', ...about]);
    this.state = existsSync(this.file('state.json'))
      ? (JSON.parse(readFileSync(this.file('state.json'), 'utf8')) as UploadState)
      : newState();
  }

  /** Answers what unlocks it. @throws Failure another run is at this transfer */
  lock(): () => void {
    return lock(this.file('lock'), 'this transfer');
  }

  get sent(): SentFiles {
    this.files ??= new SentFiles(this.file('sent.ndjson'));
    return this.files;
  }

  save(): void {
    writeFileSync(this.file('state.json.new'), JSON.stringify(this.state), { mode: 0o600 });
    renameSync(this.file('state.json.new'), this.file('state.json'));
  }

  /** Begins anew: another upload. */
  reset(): void {
    this.sent.clear();
    this.state = newState();
    this.save();
  }

  close(): void {
    this.files?.close();
  }

  file(name: string): string {
    return join(this.folder, name);
  }
}

const newState = (): UploadState => ({ idempotencyKey: randomUUID() });
