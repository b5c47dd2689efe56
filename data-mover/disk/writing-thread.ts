// A thread that writes small files, in batches: while it writes one, the next is gathered. To create, fill and rename a file
// takes a disk that answers at once about as long as the network and its checksum take this program; done in turns with
// them, many small files would come at half their rate.

import type * as Fs from 'node:fs';
import { type MessagePort, Worker } from 'node:worker_threads';
import { pauseAfter, renameNow, renamePatience } from './renames.js';

/** Where a small file goes. */
export interface FilePlace {
  /** Where it is until it is whole; on the same disk. */
  temporary: string;
  place: string;
  /** In seconds; undefined: when it was written. */
  modified: number | undefined;
}

export interface SmallFile extends FilePlace {
  bytes: Uint8Array;
}

/** A file whose bytes lie in a memory with those of others. */
export interface FileIn extends FilePlace {
  at: number;
  length: number;
}

/** What was written, and the memory that it came from. */
export interface Written {
  memory: ArrayBuffer;
  /** Of each file that could not be written, by its place in the list, what the disk said; nothing is left of it. */
  troubles: ReadonlyMap<number, Error>;
}

/** The memory goes to the thread and comes back. */
interface Batch {
  memory: ArrayBuffer;
  files: readonly FileIn[];
}

interface Answer {
  memory: ArrayBuffer;
  milliseconds: number;
  troubles: { index: number; message: string; code: string | undefined; syscall: string | undefined }[];
}

interface Sent {
  files: number;
  resolve: (written: Written) => void;
  reject: (error: Error) => void;
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
  /** What the thread has been given, first to last. */
  private readonly sent: Sent[] = [];
  private readonly waiting: Waiting[] = [];
  private memory: ArrayBuffer | undefined = new ArrayBuffer(MOST_BATCH_BYTES);
  private timer: NodeJS.Timeout | undefined;
  private fault: Error | undefined;
  private whenIdle: (() => void) | undefined;

  /** @param took told how long each file of a batch took on average, in milliseconds */
  constructor(private readonly took: (milliseconds: number) => void) {
    // Handed over as text, for a program in one file has no other file to start a thread from.
    const given = [writeNow, renameNow, pauseAfter].map((piece) => piece.toString());
    const program = `(${serve.toString()})(require('node:worker_threads').parentPort, require('node:fs'), ${renamePatience().pauses}, ${given.join()})`;
    this.worker = new Worker(program, { eval: true });
    this.worker.on('message', (answer: Answer) => this.came(answer));
    for (const event of ['error', 'messageerror', 'exit'])
      this.worker.on(event, (cause: unknown) => this.broke(new ThreadLost('The thread ended.', { cause })));
  }

  /** Files whose bytes lie in one memory, which is the thread's until it answers. @throws ThreadLost */
  writeAll(memory: ArrayBuffer, files: readonly FileIn[]): Promise<Written> {
    if (this.fault) return Promise.reject(this.fault);
    return new Promise((resolve, reject) => {
      this.worker.postMessage({ memory, files } satisfies Batch, [memory]);
      this.sent.push({ files: files.length, resolve, reject });
    });
  }

  /**
   * One file, gathered with others. Its bytes, at most 2 MiB, are used until it answers.
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
    if (this.sent.length + this.waiting.length > 0 && !this.fault) {
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
    const { memory } = this;
    if (!memory || this.waiting.length === 0 || this.fault) return;
    const files: FileIn[] = [];
    const bytes = Buffer.from(memory);
    let at = 0;
    for (const { file } of this.waiting) {
      const { length } = file.bytes;
      if (files.length === MOST_BATCH_FILES || at + length > MOST_BATCH_BYTES) break;
      bytes.set(file.bytes, at);
      files.push({ temporary: file.temporary, place: file.place, modified: file.modified, at, length });
      at += length;
    }
    const underWay = this.waiting.splice(0, files.length);
    this.memory = undefined;
    void this.writeAll(memory, files).then(
      (written) => this.gathered(underWay, written),
      (error: Error) => {
        for (const { reject } of underWay) reject(error);
      },
    );
  }

  private gathered(underWay: readonly Waiting[], { memory, troubles }: Written): void {
    this.memory = memory;
    this.goOn();
    for (const [index, { resolve, reject }] of underWay.entries()) {
      const trouble = troubles.get(index);
      if (trouble) reject(trouble);
      else resolve();
    }
    this.mayBeIdle();
  }

  private came({ memory, milliseconds, troubles }: Answer): void {
    const sent = this.sent.shift();
    if (!sent) return;
    this.took(milliseconds / sent.files);
    const told = troubles.map(
      ({ index, message, code, syscall }) => [index, Object.assign(new Error(message), { code, syscall })] as const,
    );
    sent.resolve({ memory, troubles: new Map(told) });
    // What waits is begun before, by whoever the answer is for.
    setImmediate(() => this.mayBeIdle());
  }

  private mayBeIdle(): void {
    if (this.sent.length + this.waiting.length === 0) this.whenIdle?.();
  }

  private broke(error: ThreadLost): void {
    this.fault ??= error;
    for (const { reject } of [...this.sent.splice(0), ...this.waiting.splice(0)]) reject(error);
    this.whenIdle?.();
  }
}

/**
 * The program of the thread. Like the pieces of it, it knows nothing but its arguments.
 * @param pauses of renames that fail one after the other: where a folder lets nobody in, that is told before long
 */
function serve(
  port: MessagePort,
  fs: typeof Fs,
  pauses: number,
  write: typeof writeNow,
  rename: typeof renameNow,
  pause: typeof pauseAfter,
): void {
  port.on('message', ({ memory, files }: Batch) => {
    const start = performance.now();
    const troubles: Answer['troubles'] = [];
    const patience = { pauses };
    const patiently = (from: string, to: string): void => {
      rename(fs, [from, to], patience, pause);
      patience.pauses = pauses;
    };
    for (const [index, { temporary, place, modified, at, length }] of files.entries()) {
      try {
        write(fs, { temporary, place, modified, bytes: new Uint8Array(memory, at, length) }, patiently);
      } catch (error) {
        const { message, code, syscall } = error as NodeJS.ErrnoException;
        troubles.push({ index, message, code, syscall });
      }
    }
    const milliseconds = performance.now() - start;
    port.postMessage({ memory, milliseconds, troubles } satisfies Answer, [memory]);
  });
}

/** @throws what the disk said; nothing of the file is left then */
export function writeNow(
  fs: typeof Fs,
  { temporary, place, bytes, modified }: SmallFile,
  rename: (from: string, to: string) => void,
): void {
  try {
    const descriptor = fs.openSync(temporary, 'w');
    try {
      for (let at = 0; at < bytes.length;) at += fs.writeSync(descriptor, bytes, at);
      if (modified !== undefined) fs.futimesSync(descriptor, modified, modified);
    } finally {
      fs.closeSync(descriptor);
    }
    rename(temporary, place);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
