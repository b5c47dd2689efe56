// The Data Mover's command line. Contract "Data Mover command line".

import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { check } from './commands/check.js';
import { download } from './commands/download.js';
import { upload } from './commands/upload.js';
import { verify } from './commands/verify.js';
import { DispatchClient } from './dispatch-api/client.js';
import { Failure, wrongUse } from './failures.js';
import { Reporter } from './report/reporter.js';
import { linkTarget, readSettings, type UploadTarget } from './settings.js';

const USUAL_PARALLEL = 4;
const USUAL_WAIT_HOURS = 24;

const stopping = new AbortController();
/** Paths are relative to where npm was called from. */
const local = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);
const many = (value: string, before: string[] = []): string[] => [...before, value];

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64)
    throw new InvalidArgumentError('It must be a number from 1 to 64.');
  return value;
}

interface Output {
  json?: boolean;
  quiet?: boolean;
  parallel: number;
  wait: number;
}

const reporterOf = (options: Pick<Output, 'json' | 'quiet'>): Reporter =>
  new Reporter(options.json ? 'json' : options.quiet ? 'quiet' : 'plain');

function clientOf(server: string, options: Output, reporter: Reporter, token?: string): DispatchClient {
  return new DispatchClient({
    server,
    ...(token === undefined ? {} : { token }),
    waitMs: options.wait * 3_600_000,
    note: (message) => reporter.note(message),
    signal: stopping.signal,
  });
}

function uploadTarget(options: { settings?: string; url?: string; token?: string }): UploadTarget {
  if (options.settings !== undefined) return readSettings(local(options.settings));
  if (options.url !== undefined && options.token !== undefined)
    return { server: options.url.replace(/\/+$/, ''), token: options.token };
  throw wrongUse('Give --settings settings.xml, or --url and --token.');
}

const withOutput = (command: Command): Command =>
  command
    .option('--json', 'one JSON object a line')
    .option('--quiet', 'only errors and the summary')
    .option('--parallel <number>', 'files at a time', wholeNumber, USUAL_PARALLEL)
    .option('--wait <hours>', 'how long a server that is away is waited for', Number, USUAL_WAIT_HOURS);

function program(): Command {
  const top = new Command('data-mover')
    .description('Moves instrument data to and from Mediaflux, verified.')
    .exitOverride();
  withOutput(top.command('upload'))
    .argument('<path...>', 'a folder (its contents), or several files and folders (each below its name)')
    .option('--settings <file>', 'settings.xml of the upload shareable')
    .option('--url <url>', 'or its server')
    .option('--token <token>', 'and token')
    .requiredOption('--to <address>', 'who the data are for; again for more', many)
    .option('--name <name>', 'ends the folder name')
    .option('--keyword <word>', 'again for more', many)
    .option('--note <text>')
    .option('--again', 'start a new upload even if this folder was uploaded before')
    .action(
      async (
        paths: string[],
        options: Output & {
          settings?: string;
          url?: string;
          token?: string;
          to: string[];
          name?: string;
          keyword?: string[];
          note?: string;
          again?: boolean;
        },
      ) => {
        const target = uploadTarget(options);
        const reporter = reporterOf(options);
        const request = {
          ...target,
          to: options.to,
          name: options.name,
          keywords: options.keyword ?? [],
          note: options.note,
          again: options.again ?? false,
          parallel: options.parallel,
          paths: paths.map(local),
        };
        await reporting(reporter, () =>
          upload(request, clientOf(target.server, options, reporter, target.token), reporter, stopping.signal),
        );
      },
    );
  withOutput(top.command('download'))
    .argument('<link>', 'the link from the mail, or its token with --url')
    .argument('<folder>', 'where to put the files')
    .option('--url <url>', 'server of a token')
    .option('--only <glob>', "only these files, as in 'a/**'; again for more", many)
    .option('--overwrite', 'replace files that differ')
    .action(
      async (
        link: string,
        folder: string,
        options: Output & { url?: string; only?: string[]; overwrite?: boolean },
      ) => {
        const target = linkTarget(link, options.url);
        const reporter = reporterOf(options);
        const request = {
          token: target.token,
          only: options.only ?? [],
          folder: local(folder),
          overwrite: options.overwrite ?? false,
          parallel: options.parallel,
        };
        await reporting(reporter, () =>
          download(request, clientOf(target.server, options, reporter), reporter, stopping.signal),
        );
      },
    );
  withOutput(top.command('verify'))
    .argument('<folder>', 'a folder that was downloaded')
    .action(async (folder: string, options: Output) => {
      const reporter = reporterOf(options);
      await reporting(reporter, () => verify(local(folder), reporter));
    });
  withOutput(top.command('check'))
    .requiredOption('--settings <file>', 'settings.xml of the upload shareable')
    .action(async (options: Output & { settings: string }) => {
      const target = readSettings(local(options.settings));
      const reporter = reporterOf(options);
      await reporting(reporter, () =>
        check(target, clientOf(target.server, { ...options, wait: 0 }, reporter, target.token), reporter),
      );
    });
  return top;
}

/** Tells a failure in the style that was asked for. */
async function reporting(reporter: Reporter, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const told = stopping.signal.aborted ? new Failure('Stopped. Run the same command again to go on.') : error;
    reporter.error(
      told instanceof Error ? told.message : String(told),
      told instanceof Failure ? told.path : undefined,
    );
    process.exitCode = told instanceof Failure ? told.exitCode : 1;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort(new Error('stopped')));

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = error instanceof Failure ? error.exitCode : 1;
    }
  })
  // Kept connections must not hold the program up.
  .finally(() => process.exit());
