// `data-mover check`: is this computer ready to upload? Every step of an upload in small: the token, the server, a test
// file that goes to Mediaflux, comes back and is removed, and the clocks.

import { hostname, platform } from 'node:os';
import type { DispatchClient, Trial } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import { type Proxy, proxyFor } from '../network/proxies.js';
import { StillAway } from '../patience.js';
import type { CheckFindings } from '../report/events.js';
import type { Reporter } from '../report/reporter.js';
import type { UploadTarget } from '../settings.js';
import { PROGRAM } from '../version.js';
import { hostAndPort } from './addresses.js';
import { TEST_BYTES, tryMediaflux } from './try-mediaflux.js';

/** @throws Failure what is not right, and what to do */
export async function check(target: UploadTarget, client: DispatchClient, reporter: Reporter): Promise<void> {
  const shareable = await client
    .call<{ platform: { name: string }; label: string }>('GET', '/api/v1/shareable')
    .catch((error: unknown) => {
      throw notReached(error, target.server, client.proxy);
    });
  const known = `${target.server} knows this token as “${shareable.label}” of ${shareable.platform.name}`;
  const trial = await client
    .openTrial({ program: PROGRAM, host: hostname(), os: platform() })
    .catch((error: unknown) => {
      throw noTrial(error, known);
    });
  const { env = {}, signal } = client.options;
  const proxy = proxyFor(trial.mediaflux.url, env);
  try {
    await tryMediaflux(trial.mediaflux, proxy, signal).catch((error: unknown) => {
      throw error instanceof Failure ? new Failure(`${error.message} (The rest is right: ${known}.)`) : error;
    });
  } finally {
    await end(trial, client, reporter);
  }
  const clockAheadSeconds = Math.round(client.clockAheadMs / 1_000);
  const findings: CheckFindings = {
    server: target.server,
    platform: shareable.platform.name,
    label: shareable.label,
    mediaflux: trial.mediaflux.url,
    clockAheadSeconds,
    warnings: trial.warnings,
    ...(client.proxy === undefined ? {} : { serverProxy: client.proxy.address }),
    ...(proxy === undefined ? {} : { mediafluxProxy: proxy.address }),
  };
  const clock = trial.warnings.length > 0 ? `but: ${trial.warnings.join(' ')}` : `${spoken(clockAheadSeconds)}.`;
  const summary = `Ready: ${known}; Mediaflux at ${trial.mediaflux.url} took a test file, gave it back and removed it; ${ways(client.proxy, proxy)}${clock}`;
  reporter.done({ files: 1, bytes: TEST_BYTES, transferredBytes: 2 * TEST_BYTES, check: findings }, summary, summary);
}

function ways(ofServer: Proxy | undefined, ofMediaflux: Proxy | undefined): string {
  if (ofServer?.address === ofMediaflux?.address)
    return ofServer === undefined ? '' : `both are reached through the proxy ${ofServer.address}; `;
  return [
    ofServer === undefined ? '' : `the server is reached through the proxy ${ofServer.address}; `,
    ofMediaflux === undefined ? '' : `Mediaflux is reached through the proxy ${ofMediaflux.address}; `,
  ].join('');
}

const spoken = (aheadSeconds: number): string =>
  Math.abs(aheadSeconds) < 2
    ? 'the clocks agree'
    : `this clock is ${Math.abs(aheadSeconds)} s ${aheadSeconds > 0 ? 'ahead' : 'behind'}`;

/** Nothing that is left behind stays: what fails here does not make the computer less ready. */
async function end(trial: Trial, client: DispatchClient, reporter: Reporter): Promise<void> {
  try {
    await client.endTrial(trial.id);
  } catch (error) {
    if (!(error instanceof Failure) && !client.options.signal.aborted) throw error;
    reporter.note('The test folder could not be removed now; the server removes it within minutes.');
  }
}

function notReached(error: unknown, server: string, proxy: Proxy | undefined): unknown {
  if (!(error instanceof StillAway)) return error;
  if (error.status !== undefined)
    return new Failure(`The server ${server} is not well: ${error.reason} Try again later.`);
  const who = proxy === undefined ? 'the firewalls of this computer and of its network' : 'the proxy';
  return new Failure(
    `${error.reason} Is the address in settings.xml right, and ${proxy === undefined ? 'do' : 'does'} ${who} let it connect to ${hostAndPort(server)}?`,
  );
}

/** The token is good and the server is there; what is missing lies behind it. */
function noTrial(error: unknown, known: string): unknown {
  if (error instanceof Failure && error.exitCode !== 1) return error;
  const reason = error instanceof StillAway ? error.reason : error instanceof Failure ? error.message : undefined;
  if (reason === undefined) return error;
  const { status } = error as Failure;
  if (status === 404)
    return new Failure(`${known}, but is too old to give out a test folder: nothing was tried with Mediaflux.`);
  if (status === 503)
    return new Failure(
      `${known}, but the server itself cannot use Mediaflux now: ${reason} Nothing is wrong with this computer so far; try again later, or tell the administrators.`,
    );
  if (status === 409)
    return new Failure(
      `${known}, but uploads would fail: ${reason} Tell the staff of the platform or the administrators.`,
    );
  return new Failure(`${known}, but no test folder was given out: ${reason}`);
}
