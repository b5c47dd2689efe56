// What it means that a call to the dispatch server failed: that the server is away, which passes and is waited for, or
// that something has to be put right, which no waiting does.

import { Failure } from '../failures.js';

/** Of networks and of servers that are started anew. */
const PASSING: ReadonlySet<string> = new Set([
  ...['EAI_AGAIN', 'ENOTFOUND', 'EADDRNOTAVAIL', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN', 'ENETRESET', 'ENETUNREACH', 'ERR_STREAM_PREMATURE_CLOSE'],
  ...['CONNECT_TIMEOUT', 'HEADERS_TIMEOUT', 'BODY_TIMEOUT', 'SOCKET', 'CLOSED', 'DESTROYED'].map(
    (name) => `UND_ERR_${name}`,
  ),
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);
const OF_CERTIFICATES =
  /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT_)/;
const OF_TLS = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** Codes of certificates that do not hold, and of what speaks no TLS: waiting does not mend them. */
export const isPermanent = (code: string): boolean => OF_CERTIFICATES.test(code) || OF_TLS.test(code);

/**
 * Why the server is away; a Failure: what has to be put right; undefined: it is no trouble of the connection.
 * @param way a sentence of the proxy in between, if there is one
 */
export function connectionTrouble(error: unknown, server: string, way: string): { away: string } | Failure | undefined {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (name === 'HTTPParserError') return notOurs(server, 'in no HTTP');
  if (typeof code !== 'string') return undefined;
  if (PASSING.has(code)) {
    const whose = way === '' ? 'its name' : 'the proxy’s name';
    const advice = code === 'ENOTFOUND' ? ` Is ${whose} right, and is this computer connected?` : '';
    return { away: `The server ${server} cannot be reached (${code}).${way}${advice}` };
  }
  if (OF_CERTIFICATES.test(code))
    return new Failure(
      `This computer does not trust the certificate of ${server} (${code}). If the site signs its own, set NODE_EXTRA_CA_CERTS to the file with its CA; otherwise tell the network's administrators.${way}`,
    );
  if (OF_TLS.test(code))
    return new Failure(
      `What answers at ${server} speaks no TLS that this computer knows (${code}). Is https right there, or is it http?${way}`,
    );
  return undefined;
}

/** It answers, and is not the dispatch server. @param how as in `with text/html` */
export const notOurs = (server: string, how: string): Failure =>
  new Failure(
    `What answers at ${server} is not the dispatch server: it answered ${how}. Is the address right? A proxy or a logon page of the network may stand in between: open ${server} in a browser, and run the same command again.`,
  );

/** Of a `Content-Type`, without its parameters. */
export const shortType = (type: string | string[] | undefined): string =>
  String(type ?? 'no type').split(';', 1)[0] ?? 'no type';

const WHAT_TO_DO: Partial<Record<number, string>> = {
  407: 'A proxy of the network wants a logon of its own; ask its administrators to let this computer through.',
  413: 'A proxy takes no request of this length, as a list of many files is; whoever runs it has to allow longer ones.',
};

/** A refusal that is not in the words of the dispatch server: of a proxy, say. Nothing is known of the token by it. */
export const refusedOnTheWay = (server: string, status: number, type: string | string[] | undefined): Failure => {
  const how = `${status} with ${shortType(type)}`;
  const advice = WHAT_TO_DO[status];
  return advice === undefined
    ? notOurs(server, how)
    : new Failure(`What answers at ${server} is not the dispatch server: it answered ${how}. ${advice}`);
};
