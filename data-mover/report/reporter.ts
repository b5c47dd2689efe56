// What a person, or with `--json` a program, is told while a transfer runs. Standard output holds the events, or the
// summary at the end; all else goes to standard error.

import { Bar, checkedOf } from './bar.js';
import type { Event } from './events.js';
import type { LogFile } from './log-file.js';
import { write } from './output.js';
import { type Standing, Tally } from './tally.js';
import { duration, shown, size } from './units.js';

export type Style = 'json' | 'plain' | 'quiet' | 'bar';

const PROGRESS_EVERY_MS = 1_000;
const LINE_EVERY_MS = 5_000;
const PAINT_EVERY_MS = 150;

export class Reporter {
  log: LogFile | undefined;
  /** Of the log that was closed last. */
  private logPlace: string | undefined;
  private leftOutEntries = 0;
  private excludedEntries = 0;
  private changedFiles = 0;
  private tally: Tally;
  private lastProgressAt = 0;
  private lastFoundAt = 0;
  private readonly bar: Bar | undefined;

  /** @param now milliseconds of a clock that nobody sets */
  constructor(
    private readonly style: Style,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.tally = new Tally(0, 0, now());
    if (style === 'bar')
      this.bar = new Bar({ write: (text) => write('stderr', text), columns: () => process.stderr.columns });
  }

  /** What this run has moved. */
  get movedBytes(): number {
    return this.tally.movedBytes;
  }

  get standing(): Standing {
    return this.tally.standing;
  }

  start(event: Omit<Extract<Event, { event: 'start' }>, 'event'>): void {
    this.lastProgressAt = this.now();
    this.tally = new Tally(event.files, event.bytes, this.lastProgressAt);
    const text = `${event.files} ${event.files === 1 ? 'file' : 'files'}, ${size(event.bytes)}${event.folder === undefined ? '' : `, ${event.folder}`}`;
    this.log?.write(`start: ${text}`);
    if (this.style === 'json') this.event({ event: 'start', ...event });
    else if (this.style !== 'quiet') this.say(text);
  }

  /** A file is about to move, or to move again from its start. @param bytes of it that are there, and are to be checked */
  begins(path: string, ofBytes: number, bytes = 0): void {
    this.tally.begins(path, ofBytes, bytes);
  }

  /** Bytes of it have moved. */
  moved(path: string, bytes: number): void {
    const now = this.now();
    this.tally.moved(path, bytes, now);
    this.progress(now);
  }

  /** So much is there already, and has to be read before it is trusted. */
  willCheck(bytes: number): void {
    this.tally.willCheck(bytes);
  }

  /** A file that is there is about to be read. */
  beginsCheck(path: string, ofBytes: number): void {
    this.tally.beginsCheck(path, ofBytes);
  }

  /** Bytes of it have been read. */
  checked(path: string, bytes: number): void {
    const now = this.now();
    this.tally.checked(path, bytes, now);
    this.progress(now);
  }

  /** It ended. @param bytes sent or received for it @param wholeBytes its size */
  file(path: string, bytes: number, skipped: boolean, wholeBytes: number): void {
    this.tally.ended(path, wholeBytes);
    if (this.style === 'json') this.event({ event: 'file', path, bytes, skipped });
    this.progress(this.now());
  }

  failed(path: string): void {
    this.tally.failed(path);
  }

  verifying(): void {
    this.bar?.clear();
    this.log?.write('all sent; the server compares');
    if (this.style === 'plain' || this.style === 'bar') this.say('Everything is sent; the server compares …');
  }

  note(message: string, path?: string): void {
    const text = path === undefined ? message : `${shown(path)}: ${message}`;
    this.log?.write(`note: ${text}`);
    if (this.style !== 'quiet') this.say(text);
  }

  /** Why it waits, and when it goes on: in every style, since nothing else shows that it is alive. */
  waits(message: string, path?: string): void {
    const text = path === undefined ? message : `${shown(path)}: ${message}`;
    this.log?.write(`note: ${text}`);
    this.say(text);
  }

  /** Where to read what happened, for the person whose transfer failed. */
  tellOfLog(): void {
    if (this.logPlace !== undefined && this.style !== 'json') this.say(`Its log: ${this.logPlace}`);
  }

  /** Looks anew at what there is to move. */
  looks(): void {
    this.leftOutEntries = 0;
    this.excludedEntries = 0;
    this.changedFiles = 0;
    this.lastFoundAt = this.now();
    this.bar?.paintText('Looking through what there is …');
  }

  /** So much it has found by now; it may look for long before anything moves. Programs are told what there is in the end. */
  found(files: number, bytes: number): void {
    if (this.style === 'quiet') return;
    const now = this.now();
    if (now - this.lastFoundAt < (this.bar ? PAINT_EVERY_MS : LINE_EVERY_MS)) return;
    this.lastFoundAt = now;
    const text = `Looking through what there is: ${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)} so far …`;
    if (this.bar) this.bar.paintText(text);
    else this.say(text);
  }

  /** It does not go with the others, and why: what nobody is told of, nobody misses in time. */
  leftOut(why: string, path: string): void {
    this.leftOutEntries += 1;
    const text = `${shown(path)}: left out: ${why}`;
    this.log?.write(`note: ${text}`);
    this.say(text);
  }

  /** So many do not go because the command says so. */
  excluded(entries: number): void {
    this.excludedEntries = entries;
    if (entries > 0) this.note(`${entries} ${entries === 1 ? 'entry is' : 'entries are'} left out by --exclude.`);
  }

  /** What is verified is not what lies there now: in every style, or the operator takes the rest for safe. */
  changedSince(files: number, example: string): void {
    this.changedFiles = files;
    const more = files === 1 ? '' : `, and ${files - 1} more did`;
    this.waits(
      `it changed, or came, after the data were sent${more}: in Mediaflux is what was there before, or nothing. Run the same command again to upload all as it is now; that is another upload.`,
      example,
    );
  }

  /** @param logged what the log holds of the summary, which may name people */
  done(event: Omit<Extract<Event, { event: 'done' }>, 'event'>, summary: string, logged: string): void {
    this.bar?.clear();
    const { leftOutEntries: leftOut, excludedEntries: excluded, changedFiles: changedSince } = this;
    const named = [
      ...(leftOut === 0 ? [] : [`\n  left out    ${leftOut} ${leftOut === 1 ? 'entry' : 'entries'}, named above`]),
      ...(excluded === 0 ? [] : [`\n  excluded    ${excluded} ${excluded === 1 ? 'entry' : 'entries'}, by --exclude`]),
      ...(changedSince === 0 ? [] : [`\n  not in it   ${changedSince} that changed or came since, as told above`]),
    ].join('');
    this.log?.write(
      `done: ${logged}, ${event.transferredBytes} bytes moved by this run${leftOut === 0 ? '' : `, ${leftOut} left out`}`,
    );
    if (this.style === 'json')
      this.event({
        event: 'done',
        ...event,
        ...(leftOut === 0 ? {} : { leftOut }),
        ...(excluded === 0 ? {} : { excluded }),
        ...(changedSince === 0 ? {} : { changedSince }),
      });
    else write('stdout', `${summary}${named}${this.log ? `\n  log         ${this.log.place}` : ''}\n`);
  }

  error(message: string, path?: string): void {
    this.bar?.clear();
    const text = path === undefined ? message : `${shown(path)}: ${message}`;
    this.log?.write(`error: ${text}`);
    if (this.style === 'json') this.event({ event: 'error', message, ...(path === undefined ? {} : { path }) });
    else write('stderr', `${text}\n`);
  }

  closeLog(): void {
    this.logPlace = this.log?.place;
    this.log?.close();
    this.log = undefined;
  }

  private progress(now: number): void {
    const every = this.style === 'bar' ? PAINT_EVERY_MS : this.style === 'json' ? PROGRESS_EVERY_MS : LINE_EVERY_MS;
    if (this.style === 'quiet' || now - this.lastProgressAt < every) return;
    this.lastProgressAt = now;
    const { standing } = this.tally;
    const { files, bytes, ofFiles, ofBytes, rate, secondsLeft, checked } = standing;
    if (this.style === 'json') this.event({ event: 'progress', files, bytes, ofFiles, ofBytes });
    else if (this.bar) this.bar.paint(standing);
    else {
      const checks = checked.bytes < checked.ofBytes ? `${checkedOf(checked)}, ` : '';
      this.say(
        `${files} of ${ofFiles} files, ${size(bytes)} of ${size(ofBytes)}, ${checks}${size(rate)}/s, about ${duration(secondsLeft ?? Infinity)} left`,
      );
    }
  }

  private say(text: string): void {
    this.bar?.clear();
    write('stderr', `${text}\n`);
  }

  private event(event: Event): void {
    write('stdout', `${JSON.stringify(event)}\n`);
  }
}
