// Which computer this is, and which folder a path leads to here: a home that computers share holds notes of all of them,
// and the same path is another disk on each.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Computer {
  /** As people call it; it may change. */
  name: string;
  /** The same as long as it is this computer; what it is made of is to be kept secret (machine-id(5)). */
  id: string;
}

/** What tells a computer. */
export interface Traits {
  name: string;
  /** Number of the machine itself, which no copy of its disk has; undefined: the system tells none. */
  machine?: string | undefined;
  /** Number of the installation, which copies of a disk share; undefined likewise. */
  installation?: string | undefined;
}

/** `DATA_MOVER_COMPUTER` names it where nothing of its own stays, as in a container. */
export function thisComputer(): Computer {
  const given = process.env['DATA_MOVER_COMPUTER'];
  return given ? { name: given, id: given } : computerWith(ownTraits());
}

/** By its machine where that is numbered; else its name counts too: installations are copied, numbers and all. */
export function computerWith({ name, machine, installation = '' }: Traits): Computer {
  const told = machine === undefined ? `${name}\0${installation}` : `machine\0${machine}`;
  return { name, id: createHash('sha256').update(told).digest('hex').slice(0, 16) };
}

let traits: Traits | undefined;

const ownTraits = (): Traits => {
  traits ??= { name: hostname(), machine: machineId(), installation: installationId() };
  return traits;
};

/** macOS gives its computers the names that networks tell (DHCP), and numbers the machine. */
function machineId(): string | undefined {
  if (process.platform !== 'darwin') return undefined;
  try {
    const args = ['-rd1', '-c', 'IOPlatformExpertDevice'];
    return platformUuidIn(execFileSync('/usr/sbin/ioreg', args, { encoding: 'utf8', timeout: 10_000 }));
  } catch {
    // The name has to do.
    return undefined;
  }
}

/** Of what `ioreg` says of the machine: a line `"IOPlatformUUID" = "…"` among others. */
export const platformUuidIn = (said: string): string | undefined =>
  /^[\s|]*"IOPlatformUUID" = "([0-9A-Fa-f-]{36})"\s*$/m.exec(said)?.[1];

/** Linux numbers its installations. */
function installationId(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    // Containers have none.
    return undefined;
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
