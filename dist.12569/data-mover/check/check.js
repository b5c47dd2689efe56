// `data-mover check`: is this computer ready to upload? Every step of an upload in small: the token, the server, a test
// file that goes to Mediaflux, comes back and is removed, and the clocks.
import { hostname, platform } from 'node:os';
import { Failure } from '../failures.js';
import { StillAway } from '../patience.js';
import { PROGRAM } from '../version.js';
import { hostAndPort } from './addresses.js';
import { TEST_BYTES, tryMediaflux } from './try-mediaflux.js';
/** @throws Failure what is not right, and what to do */ export async function check(target, client, reporter) {
    const shareable = await client.call('GET', '/api/v1/shareable').catch((error)=>{
        throw notReached(error, target.server);
    });
    const known = `${target.server} knows this token as “${shareable.label}” of ${shareable.platform.name}`;
    const trial = await client.openTrial({
        program: PROGRAM,
        host: hostname(),
        os: platform()
    }).catch((error)=>{
        throw noTrial(error, known);
    });
    try {
        await tryMediaflux(trial.mediaflux, client.options.signal).catch((error)=>{
            throw error instanceof Failure ? new Failure(`${error.message} (The rest is right: ${known}.)`) : error;
        });
    } finally{
        await end(trial, client, reporter);
    }
    const clockAheadSeconds = Math.round(client.clockAheadMs / 1_000);
    const findings = {
        server: target.server,
        platform: shareable.platform.name,
        label: shareable.label,
        mediaflux: trial.mediaflux.url,
        clockAheadSeconds,
        warnings: trial.warnings
    };
    const clock = trial.warnings.length > 0 ? `but: ${trial.warnings.join(' ')}` : `${spoken(clockAheadSeconds)}.`;
    const summary = `Ready: ${known}; Mediaflux at ${trial.mediaflux.url} took a test file, gave it back and removed it; ${clock}`;
    reporter.done({
        files: 1,
        bytes: TEST_BYTES,
        transferredBytes: 2 * TEST_BYTES,
        check: findings
    }, summary, summary);
}
const spoken = (aheadSeconds)=>Math.abs(aheadSeconds) < 2 ? 'the clocks agree' : `this clock is ${Math.abs(aheadSeconds)} s ${aheadSeconds > 0 ? 'ahead' : 'behind'}`;
/** Nothing that is left behind stays: what fails here does not make the computer less ready. */ async function end(trial, client, reporter) {
    try {
        await client.endTrial(trial.id);
    } catch (error) {
        if (!(error instanceof Failure) && !client.options.signal.aborted) throw error;
        reporter.note('The test folder could not be removed now; the server removes it within minutes.');
    }
}
function notReached(error, server) {
    if (!(error instanceof StillAway)) return error;
    if (error.status !== undefined) return new Failure(`The server ${server} is not well: ${error.reason} Try again later.`);
    return new Failure(`${error.reason} Is the address in settings.xml right, and do the firewalls of this computer and of its network let it connect to ${hostAndPort(server)}?`);
}
/** The token is good and the server is there; what is missing lies behind it. */ function noTrial(error, known) {
    if (error instanceof Failure && error.exitCode !== 1) return error;
    const reason = error instanceof StillAway ? error.reason : error instanceof Failure ? error.message : undefined;
    if (reason === undefined) return error;
    const { status } = error;
    if (status === 404) return new Failure(`${known}, but is too old to give out a test folder: nothing was tried with Mediaflux.`);
    if (status === 503) return new Failure(`${known}, but the server itself cannot use Mediaflux now: ${reason} Nothing is wrong with this computer so far; try again later, or tell the administrators.`);
    if (status === 409) return new Failure(`${known}, but uploads would fail: ${reason} Tell the staff of the platform or the administrators.`);
    return new Failure(`${known}, but no test folder was given out: ${reason}`);
}

//# sourceMappingURL=check.js.map
