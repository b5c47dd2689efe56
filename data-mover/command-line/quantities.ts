// Quantities and addresses as people type them on a command line.

import { InvalidArgumentError } from 'commander';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
const BYTES: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `90s`, `10m`, `24h`, `7d`, in milliseconds. */
export function milliseconds(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)([smhdw])$/.exec(text.trim()) ?? [];
  const seconds = Number(number) * SECONDS[unit as keyof typeof SECONDS];
  if (!Number.isSafeInteger(seconds) || seconds < 1)
    throw new InvalidArgumentError('It must be a time as in 90s, 10m, 24h or 7d.');
  return seconds * 1_000;
}

/** `500MB`, `1GiB`, or bytes. */
export function bytes(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b)?$/i.exec(text.trim()) ?? [];
  const value = Math.floor(Number(number) * (BYTES[unit.toLowerCase()] ?? Number.NaN));
  if (number === '' || !Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a size as in 500MB or 1GiB.');
  return value;
}

export function parallelFiles(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64)
    throw new InvalidArgumentError('It must be a number from 1 to 64.');
  return value;
}

/** One address, or several with commas or semicolons between them, as mail programs write lists; after those before. */
export function addresses(text: string, before: string[] = []): string[] {
  const named = text
    .split(/[,;]/)
    .map((address) => address.trim())
    .filter((address) => address !== '');
  if (named.length === 0 || named.some((address) => !/^[^\s@]+@[^\s@]+$/.test(address)))
    throw new InvalidArgumentError('It must be an e-mail address, such as ada@example.org.');
  return [...before, ...named];
}
