// What a failed exchange means. A network's faults are told by a list of their codes; everything else, as an abort of the
// caller's or a fault of a local file, stays what it is.

import { MediafluxError } from './errors.js';

const CODES: ReadonlySet<unknown> = new Set([
  ...['EAI_AGAIN', 'ENOTFOUND', 'EADDRNOTAVAIL', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EPROTO'],
  ...['ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN', 'ENETRESET', 'ENETUNREACH', 'ERR_STREAM_PREMATURE_CLOSE'],
  ...['CONNECT_TIMEOUT', 'HEADERS_TIMEOUT', 'BODY_TIMEOUT', 'SOCKET', 'CLOSED', 'DESTROYED'].map(
    (name) => `UND_ERR_${name}`,
  ),
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'HOSTNAME_MISMATCH'],
]);
/** Of TLS and its certificates. */
const CODE_FAMILIES = /^(?:ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_(?:GET|VERIFY|DECRYPT)_)[A-Z0-9_]+$/;

/** There was no connection at all: the server has seen nothing of the call, which may be made again whatever it is. */
export class ConnectFailed extends MediafluxError {}

/**
 * A time limit of the caller's own passed, which may have been too short for any server. A server that answers nothing runs
 * into the limits of the connection, too.
 */
export class TimeLimitPassed extends MediafluxError {}

/** @returns a MediafluxError with its `service`; the reason of `signal` when the caller ended the call; or `error` */
export function transportError(error: unknown, signal?: AbortSignal, service?: string): unknown {
  if (error instanceof MediafluxError) return error.ofService(service);
  if (signal?.aborted) return endedBySignal(signal, service);
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  // One of its forms has no code, so the name decides.
  if (name === 'HTTPParserError')
    return new MediafluxError('malformed-reply', 'What answers at the address of Mediaflux does not speak HTTP.', {
      service,
      cause: plainCause(error),
    });
  if (!CODES.has(code) && !(typeof code === 'string' && CODE_FAMILIES.test(code))) return error;
  const Kind = isOfConnecting(error) ? ConnectFailed : MediafluxError;
  return new Kind('unreachable', `Mediaflux cannot be reached (${String(code)}).`, {
    service,
    cause: plainCause(error),
  });
}

/** A time limit that the caller set is Mediaflux not answering; any other reason is the caller's own. */
function endedBySignal(signal: AbortSignal, service: string | undefined): unknown {
  const reason: unknown = signal.reason;
  if (!isTimeLimit(reason)) return reason;
  return new TimeLimitPassed('unreachable', 'Mediaflux did not answer within the time limit of the call.', {
    service,
    cause: reason,
  });
}

/** What `AbortSignal.timeout` gives as its reason. */
export const isTimeLimit = (reason: unknown): boolean => (reason as { name?: unknown } | null)?.name === 'TimeoutError';

function isOfConnecting(error: unknown): boolean {
  const { code, syscall, errors } = error as { code?: unknown; syscall?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return errors.every(isOfConnecting);
  return code === 'UND_ERR_CONNECT_TIMEOUT' || syscall === 'connect' || syscall === 'getaddrinfo';
}

/** What is kept of a foreign error: not the bytes that a server sent, which may echo a secret. */
function plainCause(error: unknown): Error {
  const { name, message, stack, code } = error as Error & { code?: unknown };
  return Object.assign(new Error(message), { name, stack }, code === undefined ? {} : { code });
}
