// What a person, or with `--json` a program, is told while a transfer runs.

export type Event =
  | { event: 'start'; files: number; bytes: number; folder?: string; uploadId?: string }
  | { event: 'file'; path: string; bytes: number; skipped: boolean }
  | { event: 'progress'; files: number; bytes: number; ofFiles: number; ofBytes: number }
  | { event: 'note'; message: string; path?: string }
  | { event: 'done'; uploadId?: string; folder?: string; files: number; bytes: number; transferredBytes: number }
  | { event: 'error'; message: string; path?: string };

const PROGRESS_EVERY_MS = 1_000;
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export class Reporter {
  private files = 0;
  private bytes = 0;
  private ofFiles = 0;
  private ofBytes = 0;
  private readonly startedAt = performance.now();
  private lastProgressAt = 0;

  constructor(private readonly style: 'json' | 'plain' | 'quiet') {}

  start(event: Omit<Extract<Event, { event: 'start' }>, 'event'>): void {
    this.ofFiles = event.files;
    this.ofBytes = event.bytes;
    this.emit(
      { event: 'start', ...event },
      `${event.files} files, ${size(event.bytes)}${event.folder === undefined ? '' : `, to ${event.folder}`}`,
    );
  }

  file(path: string, bytes: number, skipped: boolean, wholeBytes = bytes): void {
    this.files += 1;
    this.bytes += wholeBytes;
    if (this.style === 'json') this.write({ event: 'file', path, bytes, skipped });
    const now = performance.now();
    if (now - this.lastProgressAt < PROGRESS_EVERY_MS) return;
    this.lastProgressAt = now;
    const seconds = (now - this.startedAt) / 1000;
    const rate = this.bytes / Math.max(seconds, 0.001);
    const left = rate > 0 ? (this.ofBytes - this.bytes) / rate : 0;
    this.emit(
      { event: 'progress', files: this.files, bytes: this.bytes, ofFiles: this.ofFiles, ofBytes: this.ofBytes },
      `${this.files} of ${this.ofFiles} files, ${size(this.bytes)} of ${size(this.ofBytes)}, ${size(rate)}/s, about ${Math.ceil(left)} s left`,
    );
  }

  note(message: string, path?: string): void {
    this.emit(
      { event: 'note', message, ...(path === undefined ? {} : { path }) },
      path === undefined ? message : `${path}: ${message}`,
    );
  }

  done(event: Omit<Extract<Event, { event: 'done' }>, 'event'>, summary: string): void {
    if (this.style === 'json') this.write({ event: 'done', ...event });
    else process.stdout.write(`${summary}\n`);
  }

  error(message: string, path?: string): void {
    if (this.style === 'json') this.write({ event: 'error', message, ...(path === undefined ? {} : { path }) });
    else process.stderr.write(`${path === undefined ? '' : `${path}: `}${message}\n`);
  }

  private emit(event: Event, plain: string): void {
    if (this.style === 'json') this.write(event);
    else if (this.style === 'plain') process.stderr.write(`${plain}\n`);
  }

  private write(event: Event): void {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  }
}

/** Decimal units with one place. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
