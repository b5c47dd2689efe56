// Which computer this is, and which folder a path leads to here: a home that computers share holds notes of all of them,
// and the same path is another disk on each.

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Computer {
  /** As people call it. */
  name: string;
  /** Tells computers of one name apart where the system numbers them; the number itself is to be kept secret (machine-id(5)). */
  id: string;
}

/** `DATA_MOVER_COMPUTER` names it where its own name changes, as that of a container does. */
export function thisComputer(): Computer {
  const given = process.env['DATA_MOVER_COMPUTER'];
  if (given) return { name: given, id: given };
  const name = hostname();
  const id = createHash('sha256').update(`${name}\0${machineId()}`).digest('hex').slice(0, 16);
  return { name, id };
}

/** Linux numbers its installations; elsewhere the name has to do. */
function machineId(): string {
  if (process.platform !== 'linux') return '';
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    // Containers have none.
    return '';
  }
}

/**
 * What a path leads to, so that it is known again from another computer that sees the same disk: number and birth of the
 * folder or file, empty where the file system does not tell or nothing can be looked at.
 */
export function placeOf(path: string): string {
  const found = lookAt(path);
  if (!found) return '-';
  const { ino, birthtimeNs } = found;
  return `${ino === 0n ? '' : ino}-${birthtimeNs <= 0n ? '' : birthtimeNs}`;
}

/** Why a path cannot be looked at is told by whoever needs what it leads to. */
function lookAt(path: string) {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

/** Are these the same folders, seen from two computers at the same paths? */
export function comparePlaces(left: readonly string[], right: readonly string[]): 'same' | 'other' | 'unknown' {
  let told: 'same' | 'unknown' = left.length === right.length ? 'same' : 'unknown';
  for (const [index, place] of left.entries()) {
    const [number = '', birth = ''] = place.split('-');
    const [otherNumber = '', otherBirth = ''] = (right[index] ?? '-').split('-');
    if (differ(number, otherNumber) || differ(birth, otherBirth)) return 'other';
    if ([number, birth, otherNumber, otherBirth].includes('')) told = 'unknown';
  }
  return told;
}

const differ = (one: string, other: string): boolean => one !== '' && other !== '' && one !== other;
