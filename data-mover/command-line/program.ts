// The commands and their options. Contract "Data Mover command line". What a command does is loaded when it runs.

import { Command } from 'commander';
import { linkTarget, readSettings } from '../settings.js';
import { PROGRAM } from '../version.js';
import { bytes, milliseconds, parallelFiles } from './quantities.js';
import {
  clientOf,
  local,
  type Output,
  type Patience,
  reporterOf,
  reporting,
  stopSignal,
  uploadTarget,
} from './session.js';

interface Moving extends Output, Patience {
  parallel: number;
}

interface Sending extends Moving {
  followSymlinks?: boolean;
  pieceAbove: number;
  pieceSize: number;
}

const many = (value: string, before: string[] = []): string[] => [...before, value];

const withOutput = (command: Command): Command =>
  command.option('--json', 'one JSON object a line').option('--quiet', 'only errors and the summary');

const withPatience = (command: Command): Command =>
  command.option(
    '--give-up-after <time>',
    'how long a server that is away is waited for, as in 10m, 24h, 7d',
    milliseconds,
    milliseconds('7d'),
  );

const withMoving = (command: Command): Command =>
  withPatience(withOutput(command)).option('--parallel <number>', 'files at a time', parallelFiles, 4);

const withSending = (command: Command): Command =>
  withMoving(command)
    .option('--follow-symlinks', 'send what symbolic links lead to; otherwise they are left out, and named')
    .option('--piece-above <size>', 'larger files go in pieces', bytes, bytes('1GiB'))
    .option('--piece-size <size>', 'size of a piece: what a break costs at most', bytes, bytes('128MiB'));

export const sendingOf = (options: Sending) => ({
  parallel: options.parallel,
  followSymlinks: options.followSymlinks ?? false,
  pieceAboveBytes: options.pieceAbove,
  pieceBytes: options.pieceSize,
});

function addUpload(top: Command): void {
  interface Options extends Sending {
    settings?: string;
    url?: string;
    token?: string;
    to: string[];
    name?: string;
    keyword?: string[];
    note?: string;
    again?: boolean;
  }
  withSending(top.command('upload'))
    .description('sends files and folders, has them verified, and the people they are for told')
    .argument('<path...>', 'a folder (its contents), or several files and folders (each below its name)')
    .option('--settings <file>', 'settings.xml of the upload shareable')
    .option('--url <url>', 'or its server')
    .option('--token <token>', 'and token')
    .requiredOption('--to <address>', 'who the data are for; again for more', many)
    .option('--name <name>', 'ends the folder name')
    .option('--keyword <word>', 'again for more', many)
    .option('--note <text>')
    .option('--again', 'start a new upload even if this folder was uploaded before')
    .action(async (paths: string[], options: Options) => {
      const target = uploadTarget(options);
      const reporter = reporterOf(options);
      const request = {
        ...target,
        ...sendingOf(options),
        to: options.to,
        name: options.name,
        keywords: options.keyword ?? [],
        note: options.note,
        again: options.again ?? false,
        paths: paths.map(local),
      };
      await reporting(reporter, async () => {
        const { upload } = await import('../upload/upload.js');
        await upload(request, clientOf(target, options, reporter), reporter);
      });
    });
}

function addDownload(top: Command): void {
  interface Options extends Moving {
    url?: string;
    only?: string[];
    overwrite?: boolean;
  }
  withMoving(top.command('download'))
    .description('fetches what a link offers; every file is verified')
    .argument('<link>', 'the link from the mail, or its token with --url')
    .argument('<folder>', 'where to put the files')
    .option('--url <url>', 'server of a token')
    .option('--only <glob>', "only these files, as in 'a/**'; again for more", many)
    .option('--overwrite', 'replace files that differ')
    .action(async (link: string, folder: string, options: Options) => {
      const target = linkTarget(link, options.url);
      const reporter = reporterOf(options);
      const request = {
        ...target,
        only: options.only ?? [],
        folder: local(folder),
        overwrite: options.overwrite ?? false,
        parallel: options.parallel,
      };
      await reporting(reporter, async () => {
        const { download } = await import('../download/download.js');
        await download(request, clientOf({ server: target.server }, options, reporter), reporter);
      });
    });
}

function addVerify(top: Command): void {
  withOutput(top.command('verify'))
    .description('compares a folder that was downloaded with what was uploaded; needs no network')
    .argument('<folder>', 'a folder that was downloaded')
    .action(async (folder: string, options: Output) => {
      const reporter = reporterOf(options);
      await reporting(reporter, async () => {
        const { verify } = await import('../download/verify.js');
        await verify(local(folder), reporter, stopSignal);
      });
    });
}

function addCheck(top: Command): void {
  withOutput(top.command('check'))
    .description('is this computer ready to upload?')
    .requiredOption('--settings <file>', 'settings.xml of the upload shareable')
    .action(async (options: Output & { settings: string }) => {
      const target = readSettings(local(options.settings));
      const reporter = reporterOf(options);
      await reporting(reporter, async () => {
        const { check } = await import('../check/check.js');
        await check(target, clientOf(target, { giveUpAfter: 0 }, reporter), reporter);
      });
    });
}

export function program(): Command {
  const top = new Command('data-mover')
    .description('Moves instrument data to and from Mediaflux, verified.')
    .version(PROGRAM)
    .exitOverride();
  addUpload(top);
  addDownload(top);
  addVerify(top);
  addCheck(top);
  return top;
}
