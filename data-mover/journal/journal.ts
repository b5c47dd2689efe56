// What a transfer remembers, outside the user's data, so that the same command goes on where it stopped: a small state
// written by rename, and one line for each file that was sent.

import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failures.js';

export interface UploadState {
  idempotencyKey: string;
  uploadId?: string;
  /** Fingerprint of the tree that was completed. */
  completedTree?: string;
  folder?: string;
}

export interface SentFile {
  path: string;
  size: number;
  modifiedMs: number;
  crc32: string;
}

function home(): string {
  const given = process.env['DATA_MOVER_STATE'];
  if (given) return given;
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'instrument-dispatch');
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'instrument-dispatch');
}

export class Journal {
  private readonly folder: string;
  private readonly sent = new Map<string, SentFile>();
  private descriptor: number | undefined;
  state: UploadState;

  /** @param about what makes the transfer this one: server, token, paths */
  constructor(about: readonly string[]) {
    this.folder = join(home(), createHash('sha256').update(about.join('\0')).digest('hex').slice(0, 24));
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.state = existsSync(this.file('state.json'))
      ? (JSON.parse(readFileSync(this.file('state.json'), 'utf8')) as UploadState)
      : newState();
  }

  /** Keeps a second run of the same transfer out. @throws Failure one is running */
  lock(): () => void {
    const file = this.file('lock');
    if (existsSync(file)) {
      const pid = Number(readFileSync(file, 'utf8'));
      if (isRunning(pid)) throw new Failure(`Process ${pid} is at this transfer already.`);
    }
    writeFileSync(file, String(process.pid));
    return () => rmSync(file, { force: true });
  }

  /** Files that were sent and confirmed. A torn last line is one that was not. */
  readSent(): ReadonlyMap<string, SentFile> {
    if (existsSync(this.file('sent.ndjson'))) {
      const lines = readFileSync(this.file('sent.ndjson'), 'utf8').split('\n');
      lines.pop();
      for (const line of lines) {
        const file = JSON.parse(line) as SentFile;
        this.sent.set(file.path, file);
      }
    }
    return this.sent;
  }

  addSent(file: SentFile): void {
    this.descriptor ??= openSync(this.file('sent.ndjson'), 'a', 0o600);
    writeSync(this.descriptor, `${JSON.stringify(file)}\n`);
    this.sent.set(file.path, file);
  }

  save(): void {
    writeFileSync(this.file('state.json.new'), JSON.stringify(this.state), { mode: 0o600 });
    renameSync(this.file('state.json.new'), this.file('state.json'));
  }

  /** Begins anew: another upload. */
  reset(): void {
    this.close();
    rmSync(this.file('sent.ndjson'), { force: true });
    this.sent.clear();
    this.state = newState();
    this.save();
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private file(name: string): string {
    return join(this.folder, name);
  }
}

const newState = (): UploadState => ({ idempotencyKey: randomUUID() });

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
