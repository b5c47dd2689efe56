// A thread that writes small files, in batches: while it writes one, the next is gathered. To create, fill and rename a file
// takes a disk that answers at once about as long as the network and its checksum take this program; done in turns with
// them, many small files would come at half their rate.

import type * as Fs from 'node:fs';
import { type MessagePort, Worker } from 'node:worker_threads';

export interface SmallFile {
  /** Where it is until it is whole; on the same disk. */
  temporary: string;
  place: string;
  bytes: Uint8Array;
  /** In seconds; undefined: when it was written. */
  modified: number | undefined;
}

/** Files without their bytes, which lie one after the other in the memory; that goes to the thread and comes back. */
interface Batch {
  memory: ArrayBuffer;
  files: (Omit<SmallFile, 'bytes'> & { length: number })[];
}

interface Written {
  memory: ArrayBuffer;
  milliseconds: number;
  troubles: { index: number; message: string; code: string | undefined; syscall: string | undefined }[];
}

interface Waiting {
  file: SmallFile;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** A message costs as much as a few files; a batch that is not full waits so long for others. */
const BATCH_FILES = 32;
const MOST_BATCH_FILES = 64;
const MOST_BATCH_BYTES = 2 * 1024 * 1024;
const WAIT_MS = 5;

/** The thread itself is at fault, or there is no room for one; whether the file is written is not known. */
export class ThreadLost extends Error {}

export class WritingThread {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];
  private underWay: Waiting[] = [];
  private memory = new ArrayBuffer(MOST_BATCH_BYTES);
  private timer: NodeJS.Timeout | undefined;
  private fault: Error | undefined;
  private whenIdle: (() => void) | undefined;

  /** @param took told how long each file of a batch took on average, in milliseconds */
  constructor(private readonly took: (milliseconds: number) => void) {
    // Handed over as text, for a program in one file has no other file to start a thread from.
    const program = `(${serve.toString()})(require('node:worker_threads').parentPort, require('node:fs'), ${writeNow.toString()})`;
    this.worker = new Worker(program, { eval: true });
    this.worker.on('message', (written: Written) => this.came(written));
    for (const event of ['error', 'messageerror', 'exit'])
      this.worker.on(event, (cause: unknown) => this.broke(new ThreadLost('The thread ended.', { cause })));
  }

  /**
   * Its bytes, at most 2 MiB, are used until it answers.
   * @throws what the disk said; nothing of the file is left then. ThreadLost
   */
  write(file: SmallFile): Promise<void> {
    if (this.fault) return Promise.reject(this.fault);
    return new Promise((resolve, reject) => {
      this.waiting.push({ file, resolve, reject });
      this.goOn();
    });
  }

  /** What was begun is written when it answers. */
  async close(): Promise<void> {
    if (this.underWay.length + this.waiting.length > 0 && !this.fault) {
      const idle = new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
      this.begin();
      await idle;
    }
    clearTimeout(this.timer);
    await this.worker.terminate();
  }

  private goOn(): void {
    if (this.waiting.length >= BATCH_FILES || this.whenIdle) this.begin();
    else if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.begin(), WAIT_MS);
  }

  /** One that is under way calls `goOn` at its end. */
  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.underWay.length > 0 || this.waiting.length === 0 || this.fault) return;
    const { memory } = this;
    const files: Batch['files'] = [];
    const bytes = Buffer.from(memory);
    let at = 0;
    for (const { file } of this.waiting) {
      const { length } = file.bytes;
      if (files.length === MOST_BATCH_FILES || at + length > MOST_BATCH_BYTES) break;
      bytes.set(file.bytes, at);
      at += length;
      files.push({ temporary: file.temporary, place: file.place, modified: file.modified, length });
    }
    this.underWay = this.waiting.splice(0, files.length);
    this.worker.postMessage({ memory, files } satisfies Batch, [memory]);
  }

  private came({ memory, milliseconds, troubles }: Written): void {
    const { underWay } = this;
    this.underWay = [];
    this.memory = memory;
    this.took(milliseconds / underWay.length);
    this.goOn();
    const failed = new Map(troubles.map((trouble) => [trouble.index, trouble]));
    for (const [index, { resolve, reject }] of underWay.entries()) {
      const trouble = failed.get(index);
      if (!trouble) resolve();
      else reject(Object.assign(new Error(trouble.message), { code: trouble.code, syscall: trouble.syscall }));
    }
    if (this.underWay.length + this.waiting.length === 0) this.whenIdle?.();
  }

  private broke(error: ThreadLost): void {
    this.fault ??= error;
    for (const { reject } of [...this.underWay.splice(0), ...this.waiting.splice(0)]) reject(error);
    this.whenIdle?.();
  }
}

/** The program of the thread. Like `write`, it knows nothing but its arguments. */
function serve(port: MessagePort, fs: typeof Fs, write: typeof writeNow): void {
  port.on('message', ({ memory, files }: Batch) => {
    const start = performance.now();
    const troubles: Written['troubles'] = [];
    let at = 0;
    for (const [index, { temporary, place, modified, length }] of files.entries()) {
      try {
        write(fs, { temporary, place, modified, bytes: new Uint8Array(memory, at, length) });
      } catch (error) {
        const { message, code, syscall } = error as NodeJS.ErrnoException;
        troubles.push({ index, message, code, syscall });
      }
      at += length;
    }
    const milliseconds = performance.now() - start;
    port.postMessage({ memory, milliseconds, troubles } satisfies Written, [memory]);
  });
}

/** @throws what the disk said; nothing of the file is left then */
export function writeNow(fs: typeof Fs, { temporary, place, bytes, modified }: SmallFile): void {
  try {
    const descriptor = fs.openSync(temporary, 'w');
    try {
      for (let at = 0; at < bytes.length;) at += fs.writeSync(descriptor, bytes, at);
      if (modified !== undefined) fs.futimesSync(descriptor, modified, modified);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, place);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
