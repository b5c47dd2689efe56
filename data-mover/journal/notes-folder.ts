// Whose notes of a transfer are: each computer's are its own, also where several share one home. Those of another one are
// taken up only where they are about the very same folder (a disk that both see), and no run there is at them: never are
// two computers at one upload. Decision 0022.

import { existsSync } from 'node:fs';
import { Failure } from '../failures.js';
import { comparePlaces, type Computer, placeOf, thisComputer } from './computer.js';
import { letGo, lockIn } from './held.js';
import { folderFor, folderOf, inNotes } from './home.js';
import { lock, mustBeFree } from './lock.js';
import { foldersIn, type NotTaken, ownerOf, Search, type SearchOptions } from './notes-search.js';

export interface NotesOptions extends SearchOptions {
  /** What makes the transfer this one. */
  about: readonly string[];
}

/** Notes that are looked at, and left as they are. */
export interface SeenNotes {
  /** Undefined: there are none. */
  folder: string | undefined;
  notTaken: NotTaken | undefined;
}

export class NotesFolder {
  private constructor(
    readonly folder: string,
    /** Why nothing is taken over of the computer that was named for it. */
    readonly notTaken: NotTaken | undefined,
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
    const unlock = await lock(lockIn(base, computer), options.what);
    try {
      const search = new Search(base, computer, options, 'takes');
      const { folder, notTaken } = inNotes(() => search.run());
      return new NotesFolder(folder, notTaken, computer, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** What `open` would lead to; nothing is made, held or changed. @throws Failure as `open` */
  static async see(options: NotesOptions): Promise<SeenNotes> {
    const computer = thisComputer();
    const base = folderOf(options.about);
    if (!existsSync(base)) return { folder: undefined, notTaken: options.takeOver === undefined ? undefined : 'none' };
    await mustBeFree(lockIn(base, computer), options.what);
    const { folder, notTaken, isNew } = inNotes(() => new Search(base, computer, options, 'looks').run());
    return { folder: isNew ? undefined : folder, notTaken };
  }

  /** The folder whose notes a run on this computer would find now; undefined: none. */
  static find(about: readonly string[], paths: readonly string[]): { folder: string; of?: string } | undefined {
    const base = folderOf(about);
    if (!existsSync(base)) return undefined;
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
      letGo(this.folder, this.computer);
    } finally {
      this.release();
    }
  }
}

/** For the person who named a computer to take over from. @param what as in `this transfer` */
export function toldOfNotTaken(why: NotTaken | undefined, computer: string, what: string): string | undefined {
  if (why === 'own')
    return `This computer has notes of its own of ${what}, and goes on with those; what the computer ${computer} was at is left to that one, whatever --take-over says.`;
  if (why === 'none')
    return `Nothing that a computer named ${computer} was at is noted of ${what}; nothing is taken over.`;
  return undefined;
}
