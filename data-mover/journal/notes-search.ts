// Which notes of a transfer a computer uses, among those of all that share one home. Each folder of notes has a file that
// says whose it is, and, while a run is at it, one that says who holds it. Decision 0022.

import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failures.js';
import { comparePlaces, type Computer, placeOf } from './computer.js';
import { readJson, writeWhole } from './durable.js';
import { giveUp, heldBy, type HeldWords, hold, obstacleIn, UNKNOWN } from './held.js';

export interface SearchOptions extends HeldWords {
  /** Paths of the data. */
  paths: readonly string[];
  /** Name of a computer at which surely nothing runs any more: what it was at is taken over. */
  takeOver?: string | undefined;
  /** Rather notes of its own than those that another computer is at. */
  apart?: boolean | undefined;
}

/** Nothing is taken over: this computer has notes of its own beside those of the one that was named, or there are none of it. */
export type NotTaken = 'own' | 'none';

interface Owner {
  computer: Computer;
  /** Where the paths lead to there. */
  places: string[];
}

interface Searched {
  folder: string;
  /** There are no notes in it. */
  isNew: boolean;
  notTaken: NotTaken | undefined;
}

const OWNER_FILE = 'computer.json';
/** Notes of one computer lie in the transfer's folder itself, those of others in folders of this beginning there. */
const OF_ANOTHER = 'of-';
/** Somebody else took what was just found, so many times. */
const MOST_ROUNDS = 20;

export class Search {
  private readonly places: string[];

  /**
   * @param base the transfer's folder
   * @param how `looks`: nothing is held, taken or made
   */
  constructor(
    private readonly base: string,
    private readonly computer: Computer,
    private readonly options: SearchOptions,
    private readonly how: 'takes' | 'looks',
  ) {
    this.places = options.paths.map(placeOf);
  }

  /** @throws Failure another computer is at the transfer, or may be */
  run(): Searched {
    const isNamedThere = this.isNamedThere();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const own = this.own();
      if (own !== undefined) return { folder: own, isNew: false, notTaken: isNamedThere ? 'own' : undefined };
      const another = this.another();
      const notTaken = isNamedThere || this.options.takeOver === undefined ? undefined : 'none';
      if (another !== undefined) return { folder: another, isNew: false, notTaken };
      const unowned = this.unowned();
      if (unowned !== undefined) return { folder: unowned, isNew: true, notTaken };
    }
    throw new Failure(`Other computers are at ${this.options.what} at this moment. Run the same command again.`);
  }

  /** Has the computer that was named for it notes of its own of what may be these data? */
  private isNamedThere(): boolean {
    const { takeOver } = this.options;
    if (takeOver === undefined) return false;
    return foldersIn(this.base).some((folder) => {
      const owner = ownerOf(folder);
      if (!owner || owner.computer.id === this.computer.id) return false;
      return owner.computer.name === takeOver && comparePlaces(owner.places, this.places) !== 'other';
    });
  }

  /** @throws Failure another computer is taking them over, or was broken off at it */
  private own(): string | undefined {
    const folder = foldersIn(this.base).find((one) => ownerOf(one)?.computer.id === this.computer.id);
    if (folder === undefined) return undefined;
    const holder = this.hold(folder);
    if (holder) throw heldBy(holder, this.options);
    // Before it was held it may have become another computer's.
    return this.isStillOf(folder, this.computer) ? this.take(folder) : undefined;
  }

  /** Another computer's, of the very same data. @throws Failure it is at them, or nothing tells whose data they are about */
  private another(): string | undefined {
    for (const { folder, owner } of this.ofOthers()) {
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
      if (holder) throw heldBy(holder, this.options);
      if (this.isStillOf(folder, owner.computer)) return this.take(folder);
    }
    return undefined;
  }

  /** Those of the computer that a person named come first. */
  private ofOthers(): { folder: string; owner: Owner }[] {
    const found = foldersIn(this.base).flatMap((folder) => {
      const owner = ownerOf(folder);
      return owner && owner.computer.id !== this.computer.id ? [{ folder, owner }] : [];
    });
    const isNamed = ({ owner }: { owner: Owner }): boolean => owner.computer.name === this.options.takeOver;
    return [...found.filter(isNamed), ...found.filter((one) => !isNamed(one))];
  }

  /** Nobody's yet; undefined: somebody was faster. */
  private unowned(): string | undefined {
    if (this.how === 'looks') return this.base;
    const isFree = ownerOf(this.base) === undefined && this.hold(this.base) === undefined;
    if (isFree && ownerOf(this.base) === undefined) return this.take(this.base);
    if (isFree) giveUp(this.base);
    const folder = join(this.base, `${OF_ANOTHER}${randomUUID()}`);
    mkdirSync(folder, { mode: 0o700 });
    this.hold(folder);
    return this.take(folder);
  }

  private take(folder: string): string {
    if (this.how === 'looks') return folder;
    const owner: Owner = { computer: this.computer, places: this.places };
    writeWhole(join(folder, OWNER_FILE), JSON.stringify(owner));
    return folder;
  }

  private isStillOf(folder: string, computer: Computer): boolean {
    if (ownerOf(folder)?.computer.id === computer.id) return true;
    if (this.how === 'takes') giveUp(folder);
    return false;
  }

  private hold(folder: string): Computer | undefined {
    const { takeOver } = this.options;
    return (this.how === 'looks' ? obstacleIn : hold)(folder, this.computer, takeOver);
  }

  private mayBeOf(name: string): Failure {
    const { what, orElse } = this.options;
    return new Failure(
      `The computer ${name} was at ${what} under the same path, and this file system does not tell whether these are the same data. If they are, and surely nothing runs there any more, add --take-over ${name} to go on here${orElse}.`,
    );
  }
}

export const foldersIn = (base: string): string[] => [
  base,
  ...readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(OF_ANOTHER))
    .map(({ name }) => join(base, name))
    .sort(),
];

export function ownerOf(folder: string): Owner | undefined {
  const found = readJson<Owner>(join(folder, OWNER_FILE));
  return found === 'damaged' ? { computer: UNKNOWN, places: [] } : found?.value;
}
