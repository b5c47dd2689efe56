// What every command needs: where it writes, whom it asks, and when it stops.
import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { DispatchClient } from '../dispatch-api/client.js';
import { Failure, wrongUse } from '../failures.js';
import { Reporter } from '../report/reporter.js';
import { readSettings, targetOf } from '../settings.js';
const stopping = new AbortController();
for (const signal of [
    'SIGINT',
    'SIGTERM',
    'SIGHUP'
])process.on(signal, ()=>stopping.abort(new Error('stopped')));
export const stopSignal = stopping.signal;
/** Known before the command line is understood: what is wrong with it is told as it was asked for, too. */ export const wantsJson = (args)=>{
    const end = args.indexOf('--');
    return (end < 0 ? args : args.slice(0, end)).includes('--json');
};
/** Paths are relative to where npm was called from; the program of one file knows nothing of npm (`INIT_CWD`). */ export const local = (path)=>resolve(process.env['INIT_CWD'] ?? '.', path);
export function reporterOf(options) {
    if (options.json) return new Reporter('json');
    if (options.quiet) return new Reporter('quiet');
    return new Reporter(process.stderr.isTTY && process.env['CI'] === undefined ? 'bar' : 'plain');
}
export function clientOf(target, options, reporter) {
    const { server, token } = target;
    return new DispatchClient({
        server,
        ...token === undefined ? {} : {
            token
        },
        giveUpAfterMs: options.giveUpAfter,
        note: (message)=>reporter.waits(message),
        signal: stopSignal
    });
}
/** @throws Failure one is not there */ export function mustBeThere(paths) {
    for (const path of paths)if (lstatSync(path, {
        throwIfNoEntry: false
    }) === undefined) throw wrongUse(`There is no ${path}.`);
}
export function uploadTarget(options) {
    if (options.settings !== undefined) return readSettings(local(options.settings));
    if (options.url !== undefined && options.token !== undefined) return targetOf(options.url, options.token, '--url and --token');
    throw wrongUse('Give --settings settings.xml, or --url and --token.');
}
/** Tells a failure in the style that was asked for. */ export async function reporting(reporter, work) {
    try {
        await work();
    } catch (error) {
        const told = stopSignal.aborted ? new Failure('Stopped. Run the same command again to go on.') : error;
        reporter.error(told instanceof Error ? told.message : String(told), told instanceof Failure ? told.path : undefined);
        if (!stopSignal.aborted) reporter.tellOfLog();
        process.exitCode = told instanceof Failure ? told.exitCode : 1;
    }
}

//# sourceMappingURL=session.js.map
