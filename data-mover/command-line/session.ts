// What every command needs: where it writes, whom it asks, and when it stops.

import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMediafluxError } from '../../src/mediaflux/protocol/index.js';
import { DispatchClient } from '../dispatch-api/client.js';
import { Failure, wrongUse } from '../failures.js';
import { write } from '../report/output.js';
import { Reporter } from '../report/reporter.js';
import { readSettings, targetOf, type UploadTarget } from '../settings.js';

export interface Output {
  json?: boolean;
  quiet?: boolean;
}

export interface Patience {
  giveUpAfter: number;
}

const STOPPED = 'Stopped. Run the same command again to go on.';
/** npm hands a signal on that its child has got already: what comes again within so long is the same. */
const SAME_SIGNAL_MS = 1_000;

const stopping = new AbortController();
let stoppedAt = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
export const stopSignal = stopping.signal;

/** The first signal ends what is under way; another one does not wait for that: what was sent is noted all the same. */
function stop(): void {
  if (!stopSignal.aborted) {
    stoppedAt = performance.now();
    stopping.abort(new Error('stopped'));
  } else if (performance.now() - stoppedAt > SAME_SIGNAL_MS) {
    write('stderr', `${STOPPED}\n`);
    process.exit(1);
  }
}

/** Known before the command line is understood: what is wrong with it is told as it was asked for, too. */
export const wantsJson = (args: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
};

/** Paths are relative to where npm was called from; the program of one file knows nothing of npm (`INIT_CWD`). */
export const local = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);

export function reporterOf(options: Output): Reporter {
  if (options.json) return new Reporter('json');
  if (options.quiet) return new Reporter('quiet');
  return new Reporter(process.stderr.isTTY && process.env['CI'] === undefined ? 'bar' : 'plain');
}

export function clientOf(
  target: { server: string; token?: string },
  options: Patience,
  reporter: Reporter,
  note = (message: string) => reporter.waits(message),
) {
  const { server, token } = target;
  return new DispatchClient({
    server,
    ...(token === undefined ? {} : { token }),
    giveUpAfterMs: options.giveUpAfter,
    note,
    signal: stopSignal,
    env: process.env,
  });
}

/** @throws Failure one is not there */
export function mustBeThere(paths: readonly string[]): void {
  for (const path of paths)
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw wrongUse(`There is no ${path}.`);
}

export function uploadTarget(options: { settings?: string; url?: string; token?: string }): UploadTarget {
  if (options.settings !== undefined) return readSettings(local(options.settings));
  if (options.url !== undefined && options.token !== undefined)
    return targetOf(options.url, options.token, '--url and --token');
  throw wrongUse('Give --settings settings.xml, or --url and --token.');
}

/** Tells a failure in the style that was asked for. */
export async function reporting(reporter: Reporter, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const told = stopSignal.aborted ? new Failure(STOPPED) : error;
    reporter.error(spoken(told), told instanceof Failure ? told.path : undefined);
    if (!stopSignal.aborted) reporter.tellOfLog();
    process.exitCode = told instanceof Failure ? told.exitCode : 1;
  }
}

/** What Mediaflux says in its own words tells nobody what to do. */
function spoken(error: unknown): string {
  if (isMediafluxError(error))
    return `Mediaflux did not do what this needs: ${error.message} Run the same command again; if it stays so, tell the staff of the platform or the administrators.`;
  return error instanceof Error ? error.message : String(error);
}
