// What is moved in measurements of transfers, and the medians that are told of several rounds.

import { mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf } from '../test/support/files.js';
import type { Row } from './rows.js';
import { medianOf, type Timing } from './timing.js';

export interface Load {
  name: string;
  files: number;
  /** Of each file. */
  bytes: number;
}

export const loadsOf = (isSmall: boolean): Load[] =>
  isSmall
    ? [
        { name: 'one file of 128 MB', files: 1, bytes: 128_000_000 },
        { name: '1,000 files of 20 kB', files: 1_000, bytes: 20_000 },
      ]
    : [
        { name: 'one file of 4 GB', files: 1, bytes: 4_000_000_000 },
        { name: '20,000 files of 20 kB', files: 20_000, bytes: 20_000 },
      ];

/** Answers the names of the files. */
export async function writeFiles(folder: string, load: Load): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const names = Array.from({ length: load.files }, (_, number) => `file-${number}.bin`);
  const block = bytesOf(load.name, Math.min(load.bytes, 4_000_000));
  for (const name of names) {
    if (load.bytes === block.length) {
      writeFileSync(join(folder, name), block);
      continue;
    }
    const file = await open(join(folder, name), 'w');
    for (let written = 0; written < load.bytes; written += block.length)
      await file.write(block, 0, Math.min(block.length, load.bytes - written));
    await file.close();
  }
  return names;
}

/**
 * In rounds, so that a machine whose disk or processors are busy for a while is busy for all that are compared. An even
 * number, for those who take turns in being first.
 */
export const ROUNDS = 4;

/** Rows of a load from its rounds: medians of the times, and of the ratios of each round. */
export const medians =
  <Name extends string>(load: Load, rounds: readonly Record<Name, Timing>[]) =>
  (what: string, own: Name, reference?: Name): Row => ({
    what,
    timing: {
      seconds: medianOf(rounds.map((round) => round[own].seconds)),
      cpuSeconds: medianOf(rounds.map((round) => round[own].cpuSeconds)),
    },
    bytes: load.files * load.bytes,
    files: load.files,
    ...(reference
      ? {
          ratio: medianOf(rounds.map((round) => round[reference].seconds / round[own].seconds)),
          more: `${rounds.length} rounds: ${rounds.map((round) => (round[reference].seconds / round[own].seconds).toFixed(2)).join(', ')}`,
        }
      : {}),
  });
