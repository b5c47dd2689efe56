// Whose notes of a transfer are: each computer's are its own, also where several share one home. Those of another one are
// taken up only where they are about the very same folder (a disk that both see), and no run there is at them: never are
// two computers at one upload. Decision 0022.

import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failures.js';
import { comparePlaces, type Computer, placeOf, thisComputer } from './computer.js';
import { readJson, writeWhole } from './durable.js';
import { folderFor, inNotes } from './home.js';
import { lock } from './lock.js';

export interface NotesOptions {
  /** What makes the transfer this one. */
  about: readonly string[];
  /** For people, as in `this transfer`. */
  what: string;
  /** Paths of the data. */
  paths: readonly string[];
  /** Name of a computer at which surely nothing runs any more: what it was at is taken over. */
  takeOver?: string | undefined;
  /** What keeps another computer's notes and these apart, as a sentence's end; undefined: nothing does. */
  orElse: string;
  /** Rather notes of its own than those that another computer is at. */
  apart?: boolean | undefined;
}

interface Owner {
  computer: Computer;
  /** Where the paths lead to there. */
  places: string[];
}

const OWNER_FILE = 'computer.json';
const HELD_FILE = 'held.json';
/** Notes of one computer lie in the transfer's folder itself, those of others in folders of this beginning there. */
const OF_ANOTHER = 'of-';
/** Somebody else took what was just found, so many times. */
const MOST_ROUNDS = 20;
/** A fault of the disk hides who it is: nothing shows then that nobody is at it. */
const UNKNOWN: Computer = { name: 'unknown', id: '' };

export class NotesFolder {
  private constructor(
    readonly folder: string,
    private readonly computer: Computer,
    private readonly release: () => void,
  ) {}

  /**
   * This computer's notes of the transfer, for this run alone.
   * @throws Failure another run is at it, here or on another computer, or may be
   */
  static async open(options: NotesOptions): Promise<NotesFolder> {
    const computer = thisComputer();
    const base = folderFor(options.about);
    const unlock = await lock(join(base, `lock-${fileNameOf(computer)}`), options.what);
    try {
      const folder = inNotes(() => new Search(base, computer, options).run());
      return new NotesFolder(folder, computer, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** The folder whose notes a run on this computer would find now; undefined: none. */
  static find(about: readonly string[], paths: readonly string[]): { folder: string; of?: string } | undefined {
    const base = folderFor(about);
    const places = paths.map(placeOf);
    const known = foldersIn(base).map((folder) => ({ folder, owner: ownerOf(folder) }));
    const computer = thisComputer();
    const own = known.find(({ owner }) => owner?.computer.id === computer.id);
    if (own) return { folder: own.folder };
    const others = known.filter(({ owner }) => owner && comparePlaces(owner.places, places) !== 'other');
    const [other] = others;
    if (other?.owner) return { folder: other.folder, of: other.owner.computer.name };
    return ownerOf(base) ? undefined : { folder: base };
  }

  /** @throws Failure a person said meanwhile that another computer shall go on */
  mustBeOurs(): void {
    const owner = inNotes(() => ownerOf(this.folder));
    if (owner?.computer.id !== this.computer.id)
      throw new Failure(
        `The computer ${owner?.computer.name ?? 'of somebody else'} has taken this over, as somebody told it to. This one leaves it alone.`,
      );
  }

  /** Another run may be at it then. */
  close(): void {
    try {
      const held = join(this.folder, HELD_FILE);
      const found = readJson<Computer>(held);
      if (found !== undefined && found !== 'damaged' && found.value.id === this.computer.id)
        rmSync(held, { force: true });
    } finally {
      this.release();
    }
  }
}

class Search {
  private readonly places: string[];

  constructor(
    private readonly base: string,
    private readonly computer: Computer,
    private readonly options: NotesOptions,
  ) {
    this.places = options.paths.map(placeOf);
  }

  run(): string {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const folder = this.own() ?? this.another() ?? this.unowned();
      if (folder !== undefined) return folder;
    }
    throw new Failure(`Other computers are at ${this.options.what} at this moment. Run the same command again.`);
  }

  /** @throws Failure another computer is taking them over, or was broken off at it */
  private own(): string | undefined {
    const folder = foldersIn(this.base).find((one) => ownerOf(one)?.computer.id === this.computer.id);
    if (folder === undefined) return undefined;
    const holder = this.hold(folder);
    if (holder) throw this.heldBy(holder);
    // Before it was held it may have become another computer's.
    return this.isStillOf(folder, this.computer) ? this.take(folder) : undefined;
  }

  /** Another computer's, of the very same data. @throws Failure it is at them, or nothing tells whose data they are about */
  private another(): string | undefined {
    for (const folder of foldersIn(this.base)) {
      const owner = ownerOf(folder);
      if (!owner || owner.computer.id === this.computer.id) continue;
      const told = comparePlaces(owner.places, this.places);
      if (told === 'other') continue;
      const { name } = owner.computer;
      const isTaken = this.options.takeOver === name;
      if (told === 'unknown' && !isTaken) {
        if (this.options.apart) continue;
        throw this.mayBeOf(name);
      }
      const holder = this.hold(folder);
      if (holder && this.options.apart) continue;
      if (holder) throw this.heldBy(holder);
      if (this.isStillOf(folder, owner.computer)) return this.take(folder);
    }
    return undefined;
  }

  /** Nobody's yet; undefined: somebody was faster. */
  private unowned(): string | undefined {
    const isFree = ownerOf(this.base) === undefined && this.hold(this.base) === undefined;
    if (isFree && ownerOf(this.base) === undefined) return this.take(this.base);
    if (isFree) rmSync(join(this.base, HELD_FILE), { force: true });
    const folder = join(this.base, `${OF_ANOTHER}${randomUUID()}`);
    mkdirSync(folder, { mode: 0o700 });
    this.hold(folder);
    return this.take(folder);
  }

  private take(folder: string): string {
    const owner: Owner = { computer: this.computer, places: this.places };
    writeWhole(join(folder, OWNER_FILE), JSON.stringify(owner));
    return folder;
  }

  private isStillOf(folder: string, computer: Computer): boolean {
    if (ownerOf(folder)?.computer.id === computer.id) return true;
    rmSync(join(folder, HELD_FILE), { force: true });
    return false;
  }

  /**
   * Undefined: it is held by this run from now on. A link to a file that is written is made whole, and by one only, on
   * network file systems too (link(2)). What a killed run of this computer left is no obstacle: the system's lock tells
   * that it has ended. @returns the computer that holds it
   */
  private hold(folder: string): Computer | undefined {
    const held = join(folder, HELD_FILE);
    const found = readJson<Computer>(held);
    const holder = found === 'damaged' ? UNKNOWN : found?.value;
    if (holder?.id === this.computer.id) return undefined;
    if (holder && holder.name !== this.options.takeOver) return holder;
    const aside = join(folder, `${randomUUID()}.held`);
    try {
      // Of two that take it away from a third, one finds it gone.
      if (holder) renameSync(held, aside);
      writeWhole(aside, JSON.stringify(this.computer));
      makeOnce(aside, held);
      return undefined;
    } catch (error) {
      if (!['EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
      const now = readJson<Computer>(held);
      return now === undefined || now === 'damaged' ? (holder ?? UNKNOWN) : now.value;
    } finally {
      rmSync(aside, { force: true });
    }
  }

  private heldBy({ name }: Computer): Failure {
    const { what, orElse } = this.options;
    return new Failure(
      `The computer ${name} is at ${what}, or its run was broken off. Go on there. If that is this computer under the name that it had then, or surely nothing runs there any more, add --take-over ${name} to go on here${orElse}. Where a computer's name changes, DATA_MOVER_COMPUTER gives it one that stays.`,
    );
  }

  private mayBeOf(name: string): Failure {
    const { what, orElse } = this.options;
    return new Failure(
      `The computer ${name} was at ${what} under the same path, and this file system does not tell whether these are the same data. If they are, and surely nothing runs there any more, add --take-over ${name} to go on here${orElse}.`,
    );
  }
}

/** @throws with `EEXIST`: it is there already */
function makeOnce(written: string, file: string): void {
  try {
    linkSync(written, file);
  } catch (error) {
    // Some file systems have no links; those of Windows disks say so in a way that comes as EISDIR.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EISDIR'].includes(codeOf(error) ?? '')) throw error;
    writeFileSync(file, readFileSync(written), { flag: 'wx', mode: 0o600, flush: true });
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const foldersIn = (base: string): string[] => [
  base,
  ...readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(OF_ANOTHER))
    .map(({ name }) => join(base, name))
    .sort(),
];

function ownerOf(folder: string): Owner | undefined {
  const found = readJson<Owner>(join(folder, OWNER_FILE));
  return found === 'damaged' ? { computer: UNKNOWN, places: [] } : found?.value;
}

const fileNameOf = ({ id }: Computer): string => id.replace(/[^\w-]/g, '_');
