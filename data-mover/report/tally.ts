// How far a transfer is: what is done, what is in flight, how fast it goes and how long it will take. Bytes that are read
// from this computer's disk to be checked are told apart from those that move. Time is an argument.

import { RecentRate } from './recent-rate.js';

export interface FileInFlight {
  path: string;
  bytes: number;
  ofBytes: number;
  /** It is there, and is read to see whether it is right. */
  isCheck: boolean;
  /** So much of it is there and has not been read yet. */
  uncheckedBytes: number;
}

export interface Standing {
  files: number;
  ofFiles: number;
  bytes: number;
  ofBytes: number;
  /** Bytes that move in a second; 0: none have. */
  rate: number;
  /** Undefined: it cannot be told. */
  secondsLeft: number | undefined;
  /** Of what is there already and has to be read to be trusted. */
  checked: { bytes: number; ofBytes: number };
  inFlight: readonly FileInFlight[];
}

export class Tally {
  /** What this run has moved. */
  movedBytes = 0;
  private files = 0;
  private bytes = 0;
  private checkedBytes = 0;
  private toCheckBytes = 0;
  private readonly moving: RecentRate;
  private readonly checking: RecentRate;
  private readonly inFlight = new Map<string, FileInFlight>();

  /** @param now milliseconds of any clock, as in all that follows */
  constructor(
    private readonly ofFiles: number,
    private readonly ofBytes: number,
    now: number,
  ) {
    this.moving = new RecentRate(now);
    this.checking = new RecentRate(now);
  }

  /** So much more is there already, and has to be read to be trusted. */
  willCheck(bytes: number): void {
    this.toCheckBytes += bytes;
  }

  /** A file is about to move, or to move again from its start. @param bytes of it that are there, and are to be checked */
  begins(path: string, ofBytes: number, bytes = 0): void {
    this.leave(path);
    this.toCheckBytes += bytes;
    this.inFlight.set(path, { path, bytes: 0, ofBytes, isCheck: false, uncheckedBytes: bytes });
  }

  /** One of those that have to be read. */
  beginsCheck(path: string, ofBytes: number): void {
    this.inFlight.set(path, { path, bytes: 0, ofBytes, isCheck: true, uncheckedBytes: ofBytes });
  }

  moved(path: string, bytes: number, now: number): void {
    this.movedBytes += bytes;
    this.moving.moved(bytes, now);
    this.advance(path, bytes);
  }

  checked(path: string, bytes: number, now: number): void {
    this.checkedBytes += bytes;
    this.checking.moved(bytes, now);
    const file = this.advance(path, bytes);
    if (file) file.uncheckedBytes -= bytes;
  }

  /** It is whole. @param wholeBytes its size */
  ended(path: string, wholeBytes: number): void {
    this.files += 1;
    this.bytes += wholeBytes;
    this.leave(path);
  }

  failed(path: string): void {
    this.leave(path);
  }

  /** What is sent once more, or has grown since it was counted, makes no more than the whole. */
  get standing(): Standing {
    const { ofFiles, ofBytes } = this;
    let { bytes } = this;
    for (const file of this.inFlight.values()) bytes += Math.min(file.bytes, file.ofBytes);
    const whole = { files: Math.min(this.files, ofFiles), bytes: Math.min(bytes, ofBytes) };
    const checked = { bytes: Math.min(this.checkedBytes, this.toCheckBytes), ofBytes: this.toCheckBytes };
    const toCheck = checked.ofBytes - checked.bytes;
    const toMove = Math.max(ofBytes - whole.bytes - toCheck, 0);
    return {
      ...whole,
      ofFiles,
      ofBytes,
      rate: this.moving.perSecond,
      secondsLeft: longer(secondsOf(toMove, this.moving.perSecond), secondsOf(toCheck, this.checking.perSecond)),
      checked,
      inFlight: [...this.inFlight.values()],
    };
  }

  private advance(path: string, bytes: number): FileInFlight | undefined {
    const file = this.inFlight.get(path);
    if (file) file.bytes += bytes;
    return file;
  }

  /** What was to be read of it and was not will not be. */
  private leave(path: string): void {
    this.toCheckBytes -= this.inFlight.get(path)?.uncheckedBytes ?? 0;
    this.inFlight.delete(path);
  }
}

const secondsOf = (bytes: number, rate: number): number | undefined =>
  bytes === 0 ? 0 : rate > 0 ? bytes / rate : undefined;

/** Both go on at the same time. */
const longer = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : Math.max(one, other);
