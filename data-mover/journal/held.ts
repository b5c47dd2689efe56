// Which computer is at a folder: a file in it says so while a run lasts, made by a link, which one computer only can do on
// network file systems too. The system's lock tells that a run on this computer has ended; another computer cannot know
// that of it, so a person says it. Decision 0022.

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failures.js';
import { type Computer, thisComputer } from './computer.js';
import { readJson, writeWhole } from './durable.js';
import { lockShared } from './lock.js';

/** What people are told of a folder that another computer is at. */
export interface HeldWords {
  /** As in `this transfer`. */
  what: string;
  /** What else may be done than to take it over, as a sentence's end. */
  orElse: string;
}

const HELD_FILE = 'held.json';
/** A fault of the disk hides who it is: nothing shows then that nobody is at it. */
export const UNKNOWN: Computer = { name: 'unknown', id: '' };

/** A folder while a run is at it. */
export interface Held {
  readonly isOurs: boolean;
  /** @throws Failure a person said meanwhile that another computer shall go on */
  mustBeOurs(): void;
  letGo(): void;
}

/** The system's lock in a folder that computers share: each has its own. */
export const lockIn = (folder: string, { id }: Computer): string => join(folder, `lock-${id.replace(/[^\w-]/g, '_')}`);

/**
 * A folder that is not this program's own, for this run alone: whoever runs another, on whichever computer, and wherever
 * that one's notes are.
 * @param takeOver name of a computer at which surely nothing runs any more
 * @throws Failure another run is at it, or may be; what the disk said
 */
export async function holdShared(folder: string, words: HeldWords, takeOver: string | undefined): Promise<Held> {
  const computer = thisComputer();
  const release = await lockShared(lockIn(folder, computer), words.what);
  try {
    const holder = hold(folder, computer, takeOver, FOR_ALL);
    if (holder) throw heldBy(holder, words);
  } catch (error) {
    release();
    throw error;
  }
  return {
    get isOurs() {
      return holderNow(folder, computer)?.id === computer.id;
    },
    mustBeOurs: () => {
      const now = holderNow(folder, computer);
      if (now?.id === computer.id) return;
      throw new Failure(
        `${now ? `The computer ${now.name}` : 'Another computer'} has taken ${words.what} over, as somebody told it to. This one leaves it alone.`,
      );
    },
    letGo: () => {
      try {
        letGo(folder, computer);
      } catch {
        // A disk that was pulled out, say, and what the run came to counts. This computer is not kept out by what is left.
      } finally {
        release();
      }
    },
  };
}

/** A disk that does not say who holds it for now has not been taken over for that. */
function holderNow(folder: string, computer: Computer): Computer | undefined {
  try {
    return holderIn(folder);
  } catch {
    return computer;
  }
}

/** Other people must see who is at a folder of theirs. */
const FOR_ALL = 0o644;

/** Undefined: this run may hold it. What a killed run of this computer left is no obstacle. @returns the computer that holds it */
export function obstacleIn(folder: string, computer: Computer, takeOver: string | undefined): Computer | undefined {
  const holder = holderIn(folder);
  return holder?.id === computer.id || holder?.name === takeOver ? undefined : holder;
}

/** Undefined: it is held by this run from now on. @returns the computer that holds it */
export function hold(
  folder: string,
  computer: Computer,
  takeOver: string | undefined,
  mode?: number,
): Computer | undefined {
  const holder = holderIn(folder);
  if (holder?.id === computer.id) return undefined;
  if (holder && holder.name !== takeOver) return holder;
  const held = join(folder, HELD_FILE);
  const aside = join(folder, `${randomUUID()}.held`);
  try {
    // Of two that take it away from a third, one finds it gone.
    if (holder) renameSync(held, aside);
    writeWhole(aside, JSON.stringify(computer), mode);
    makeOnce(aside, held, mode);
    return undefined;
  } catch (error) {
    if (!['EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
    const now = holderIn(folder);
    // A link whose answer was lost on the way through the network, and which was made again.
    return now?.id === computer.id ? undefined : (now ?? holder ?? UNKNOWN);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** It is nobody's any more, whoever it was. */
export const giveUp = (folder: string): void => rmSync(join(folder, HELD_FILE), { force: true });

/** Unless another computer has taken it over meanwhile. */
export function letGo(folder: string, computer: Computer): void {
  if (holderIn(folder)?.id === computer.id) giveUp(folder);
}

export const heldBy = ({ name }: Computer, { what, orElse }: HeldWords): Failure =>
  new Failure(
    `The computer ${name} is at ${what}, or its run was broken off. Go on there. If that is this computer under the name that it had then, or surely nothing runs there any more, add --take-over ${name} to go on here${orElse}. Where a computer's name changes, DATA_MOVER_COMPUTER gives it one that stays.`,
  );

function holderIn(folder: string): Computer | undefined {
  const found = readJson<Computer>(join(folder, HELD_FILE));
  return found === 'damaged' ? UNKNOWN : found?.value;
}

/** @throws with `EEXIST`: it is there already */
function makeOnce(written: string, file: string, mode = 0o600): void {
  try {
    linkSync(written, file);
  } catch (error) {
    // Some file systems have no links; those of Windows disks say so in a way that comes as EISDIR.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EISDIR'].includes(codeOf(error) ?? '')) throw error;
    writeFileSync(file, readFileSync(written), { flag: 'wx', mode, flush: true });
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
