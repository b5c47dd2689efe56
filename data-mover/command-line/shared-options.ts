// Options that several commands have.

import type { Command } from 'commander';
import { sizeOption, timeOption } from './options.js';
import { parallelFiles } from './quantities.js';
import type { Output } from './session.js';

export interface Moving extends Output {
  parallel: number;
}

export interface Sending extends Moving {
  takeOver?: string;
  followSymlinks?: boolean;
  exclude?: string[];
  pieceAbove: number;
  pieceSize: number;
}

export const many = (value: string, before: string[] = []): string[] => [...before, value];

export const withOutput = (command: Command): Command =>
  command
    .option('--json', 'for programs: what happens as one JSON object a line')
    .option('--quiet', 'only errors, why it waits, what is left out, and the summary');

export const withPatience = (command: Command): Command =>
  command.addOption(
    timeOption('--give-up-after <time>', 'how long a server that is away is waited for, as in 10m, 24h, 7d', '7d'),
  );

export const withMoving = (command: Command): Command =>
  withOutput(command).option('--parallel <number>', 'files at a time', parallelFiles, 4);

export const withSending = (command: Command): Command =>
  withMoving(command)
    .option('--follow-symlinks', 'send what symbolic links lead to; otherwise they are left out, and named')
    .option('--exclude <glob>', "leave these out, as in '**/Thumbs.db'; again for more", many)
    .addOption(sizeOption('--piece-above <size>', 'larger files go in pieces', '1GiB'))
    .addOption(sizeOption('--piece-size <size>', 'size of a piece: what a break costs at most', '128MiB'))
    .option(
      '--take-over <computer>',
      'go on with what another computer was at that shares these notes, and where surely nothing runs any more',
    );

export const sendingOf = (options: Sending) => ({
  takeOver: options.takeOver,
  parallel: options.parallel,
  followSymlinks: options.followSymlinks ?? false,
  exclude: options.exclude ?? [],
  pieceAboveBytes: options.pieceAbove,
  pieceBytes: options.pieceSize,
});
