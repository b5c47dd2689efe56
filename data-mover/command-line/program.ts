// The commands and their options. Contract "Data Mover command line". What a command does is loaded when it runs.

import { Command } from 'commander';
import { wrongUse } from '../failures.js';
import { write } from '../report/output.js';
import { linkTarget, readSettings } from '../settings.js';
import { PROGRAM } from '../version.js';
import { BELOW_THE_COMMANDS, timeOption } from './options.js';
import { addresses, milliseconds } from './quantities.js';
import {
  clientOf,
  local,
  mustBeThere,
  type Output,
  type Patience,
  reporterOf,
  reporting,
  stopSignal,
  uploadTarget,
} from './session.js';
import {
  many,
  type Moving,
  type Sending,
  sendingOf,
  withMoving,
  withOutput,
  withPatience,
  withSending,
} from './shared-options.js';

function addUpload(top: Command): void {
  interface Options extends Sending, Patience {
    settings?: string;
    url?: string;
    token?: string;
    to: string[];
    name?: string;
    keyword?: string[];
    note?: string;
    again?: boolean;
    dryRun?: boolean;
  }
  withPatience(withSending(top.command('upload')))
    .description('sends files and folders, has them verified, and the people they are for told')
    .argument('<path...>', 'a folder (its contents), or several files and folders (each below its name)')
    .option('--settings <file>', 'settings.xml of the upload shareable')
    .option('--url <url>', 'in place of --settings: address of the server, with --token')
    .option('--token <token>', 'token of the upload shareable')
    .requiredOption('--to <address>', 'who the data are for; again for more', addresses)
    .option('--name <name>', 'end of the name of the folder in Mediaflux')
    .option('--keyword <word>', 'to find the data by; again for more', many)
    .option('--note <text>', 'for the people they are for')
    .option('--again', 'start a new upload even if this folder was uploaded before')
    .option('--dry-run', 'only look and ask what the upload would be; nothing is sent')
    .action(async (paths: string[], options: Options) => {
      const target = uploadTarget(options);
      const reporter = reporterOf(options);
      const from = paths.map(local);
      mustBeThere(from);
      const request = {
        ...target,
        ...sendingOf(options),
        to: options.to,
        name: options.name,
        keywords: options.keyword ?? [],
        note: options.note,
        again: options.again ?? false,
        paths: from,
      };
      await reporting(reporter, async () => {
        const run = options.dryRun
          ? (await import('../upload/dry-run.js')).dryRun
          : (await import('../upload/upload.js')).upload;
        await run(request, clientOf(target, options, reporter), reporter);
      });
    });
}

function addWatch(top: Command): void {
  interface Options extends Sending {
    settings?: string;
    to?: string[];
    readyAfter?: number;
    readyFile?: string;
    lookEvery: number;
    retryAfter: number;
    giveUpAfter?: number;
    status?: boolean;
  }
  withSending(top.command('watch'))
    .description('uploads each folder in a folder when it is finished')
    .argument('<folder>', 'each folder directly in it is a dataset, uploaded once')
    .option('--settings <file>', 'settings.xml of the upload shareable')
    .option('--to <address>', 'who datasets without recipients.txt are for; again for more', addresses)
    .option('--ready-after <time>', 'finished when nothing has changed for so long (default: 10m)', milliseconds)
    .option('--ready-file <name>', 'finished when a file of this name is in it')
    .addOption(timeOption('--look-every <time>', 'between two looks at the folder', '30s'))
    .addOption(timeOption('--retry-after <time>', 'after a failure; doubled each time, up to 1h', '1m'))
    .option(
      '--give-up-after <time>',
      'how long a dataset waits for a server that is away before others have their turn (default: as --look-every)',
      milliseconds,
    )
    .option('--status', 'show what is known of each dataset, and end')
    .action(async (folder: string, options: Options) => {
      const watched = local(folder);
      if (options.status) {
        const { statusLines } = await import('../watch/status.js');
        for (const line of statusLines(watched, options.json ?? false)) write('stdout', `${line}\n`);
        return;
      }
      if (options.readyAfter !== undefined && options.readyFile !== undefined)
        throw wrongUse('Give --ready-after or --ready-file, not both.');
      if (options.settings === undefined) throw wrongUse('Give --settings settings.xml.');
      const target = readSettings(local(options.settings));
      const reporter = reporterOf(options);
      await reporting(reporter, async () => {
        const [{ watch }, { upload }] = await Promise.all([import('../watch/watch.js'), import('../upload/upload.js')]);
        const request = {
          folder: watched,
          to: options.to ?? [],
          readyAfterMs: options.readyAfter ?? milliseconds('10m'),
          readyFile: options.readyFile,
          lookEveryMs: options.lookEvery,
          retryAfterMs: options.retryAfter,
          followSymlinks: options.followSymlinks ?? false,
          takeOver: options.takeOver,
          exclude: options.exclude ?? [],
        };
        const giveUpAfter = options.giveUpAfter ?? options.lookEvery;
        // Why a dataset waits is told by the watch, once and not with each try.
        const client = clientOf(target, { giveUpAfter }, reporter, (message) => reporter.note(message));
        const common = { ...target, ...sendingOf(options), again: false, unattended: true };
        await watch(request, (dataset) => upload({ ...common, ...dataset }, client, reporter), reporter, stopSignal);
      });
    });
}

function addDownload(top: Command): void {
  interface Options extends Moving, Patience {
    url?: string;
    only?: string[];
    overwrite?: boolean;
    takeOver?: string;
  }
  withPatience(withMoving(top.command('download')))
    .description('fetches what a link offers; every file is verified')
    .argument('<link>', 'the link from the mail, or its token with --url')
    .argument('<folder>', 'where to put the files')
    .option('--url <url>', 'server of a token')
    .option(
      '--only <glob>',
      "only these files and what is in these folders, as in 'a/*.tif' or 'a'; again for more",
      many,
    )
    .option('--overwrite', 'replace files that differ')
    .option(
      '--take-over <computer>',
      'another computer downloads into this folder, and surely nothing runs there any more',
    )
    .action(async (link: string, folder: string, options: Options) => {
      const target = linkTarget(link, options.url);
      const reporter = reporterOf(options);
      const request = {
        ...target,
        only: options.only ?? [],
        folder: local(folder),
        overwrite: options.overwrite ?? false,
        takeOver: options.takeOver,
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
      mustBeThere([local(folder)]);
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

/** @param isJson what is wrong with the command line is told by the caller, as an event */
export function program(isJson = false): Command {
  const top = new Command('data-mover')
    .description('Moves instrument data to and from Mediaflux, verified.')
    .version(PROGRAM)
    .addHelpText('after', BELOW_THE_COMMANDS)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => write('stdout', text),
      writeErr: (text) => (isJson ? undefined : write('stderr', text)),
    });
  addUpload(top);
  addDownload(top);
  addWatch(top);
  addVerify(top);
  addCheck(top);
  return top;
}
