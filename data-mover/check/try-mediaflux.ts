// A test file goes to Mediaflux from this computer, comes back, and is removed, with the calls that an upload makes.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { crc32, crc32Text, isMediafluxError, type MediafluxError } from '../../src/mediaflux/protocol/index.js';
import { destroyFile, openContent, statFile, type StoredFile, uploadFile } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import type { Credential } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import type { Proxy } from '../network/proxies.js';
import { transportTo } from '../network/through-proxy.js';
import { nextLookMs } from '../upload/completion/checksums.rules.js';
import { hostAndPort } from './addresses.js';

export const TEST_BYTES = 4_096;
const FILE = 'data-mover-check.bin';
const CHECKSUM_WITHIN_MS = 5_000;

type Step = 'write' | 'read back' | 'remove';

/** @throws Failure at which step, why, and what to do */
export async function tryMediaflux(
  credential: Credential,
  proxy: Proxy | undefined,
  signal: AbortSignal,
): Promise<void> {
  const transport = transportTo(credential.url, { connections: 1, firstByteTimeoutMs: 60_000 }, proxy);
  const session = new MediafluxSession({ transport, credentials: { token: credential.token } });
  const path = `${credential.namespace}/${FILE}`;
  // By chance, so that nothing on the way can give it back from memory.
  const bytes = randomBytes(TEST_BYTES);
  const step = async <T>(what: Step, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw isMediafluxError(error) ? failureOf(what, error, credential.url, proxy) : error;
    }
  };
  try {
    const content = { name: FILE, size: bytes.length, open: () => [bytes] };
    const sent = await step('write', () => uploadFile(session, path, content, { repeatable: true, signal }));
    const held = await step('write', () => withChecksum(session, path, sent, signal));
    if (held.size !== bytes.length || held.crc32 !== crc32Text(crc32(bytes))) throw damaged('arrived');
    const back = await step('read back', () => contentOf(session, held, signal));
    if (!back.equals(bytes)) throw damaged('came back');
    await step('remove', () => destroyFile(session, path));
    if (await step('remove', () => statFile(session, path, { signal })))
      throw new Failure('Mediaflux says that the test file was removed, and still holds it; tell the administrators.');
  } finally {
    await session.logoff().catch((error: unknown) => {
      if (!isMediafluxError(error) && !(error instanceof Failure)) throw error;
    });
    await transport.close();
  }
}

/** A store may tell it after it has taken the content. @throws Failure it tells none for some seconds */
async function withChecksum(
  session: MediafluxSession,
  path: string,
  sent: StoredFile,
  signal: AbortSignal,
): Promise<StoredFile> {
  const start = performance.now();
  let held = sent;
  for (let looks = 1; held.size !== null && held.crc32 === null; looks += 1) {
    const elapsedMs = performance.now() - start;
    const pause = nextLookMs({ looks, elapsedMs, giveUpAfterMs: CHECKSUM_WITHIN_MS });
    if (pause === undefined)
      throw new Failure(
        'Mediaflux took the test file and tells no checksum of it, so that no upload could be verified, from whatever computer. Ask the Mediaflux team to have checksums (content/csum, CRC-32) computed for what is in this project’s store.',
      );
    await delay(pause, undefined, { signal });
    held = (await statFile(session, path, { signal })) ?? held;
  }
  return held;
}

async function contentOf(session: MediafluxSession, held: StoredFile, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await openContent(session, held, { signal })) parts.push(part);
  return Buffer.concat(parts);
}

const damaged = (how: string): Failure =>
  new Failure(
    `The test file ${how} changed. Something between this computer and Mediaflux alters what is sent (a virus scanner, a proxy); tell the network's administrators.`,
  );

function failureOf(step: Step, error: MediafluxError, url: string, proxy: Proxy | undefined): Failure {
  const from = `Mediaflux at ${url}${proxy === undefined ? '' : ` through the proxy ${proxy.address} (${proxy.setting})`}`;
  switch (error.kind) {
    case 'unreachable':
      return new Failure(
        OF_CERTIFICATES.test(error.message)
          ? `This computer does not trust the certificate of ${from}: ${error.message} If the site signs its own, set NODE_EXTRA_CA_CERTS to the file with its CA; otherwise tell the network's administrators.`
          : `This computer cannot reach ${from}, though the server can: ${error.message} ${opening(url, proxy)}; then run this again.`,
      );
    case 'malformed-reply':
      return new Failure(
        `What answers this computer at ${url} is not Mediaflux, though the server reaches it there: ${error.message} A proxy or a logon page of the network stands in between; let ${hostAndPort(url)} through it.`,
      );
    case 'busy':
      return new Failure(`${from} is busy: ${error.message} Try again later.`);
    case 'store-full':
      return new Failure(`${from} has no room left for this platform; tell its staff.`);
    case 'content-damaged':
      return damaged('came back');
    default:
      return new Failure(
        `${from} was reached, but the test file could not be ${PAST[step]}: ${error.message} Tell the staff of the platform or the administrators; uploads from here would fail too.`,
      );
  }
}

const opening = (url: string, proxy: Proxy | undefined): string =>
  proxy === undefined
    ? `Data go there straight from here, so let the firewalls of this computer and of its network open connections to ${hostAndPort(url)}`
    : `Data go there from here, so let the proxy open connections to ${hostAndPort(url)}, or, if that is reached without the proxy, name ${new URL(url).hostname} in NO_PROXY`;

const PAST: Record<Step, string> = { write: 'written', 'read back': 'read back', remove: 'removed' };
/** Codes of Node for certificates that do not hold. */
const OF_CERTIFICATES = /\((?:[A-Z_]*CERT|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_TLS_)[A-Z_]*/;
