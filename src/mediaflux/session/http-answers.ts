// What the answers of a server mean before any document is read: by their HTTP status, and by how they break off.

import {
  AnsweredByStatus,
  closable,
  type HttpReply,
  MediafluxError,
  type MediafluxErrorKind,
  RequestTooLong,
  transportError,
  UnwritableText,
} from '../protocol/index.js';

/** As `transportError`, and an argument that cannot be written is told by kind too. */
export function typedError(error: unknown, signal: AbortSignal | undefined, service: string): unknown {
  if (error instanceof UnwritableText)
    return new MediafluxError('invalid-arguments', error.message, { service, cause: error });
  return transportError(error, signal, service);
}

/** A connection that breaks while a content is read is Mediaflux out of reach, and told so. */
export function typed(
  body: AsyncIterable<Buffer> & Partial<Pick<HttpReply['body'], 'dump'>>,
  service: string,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<Buffer> {
  const parts = async function* () {
    try {
      yield* body;
    } catch (error) {
      throw typedError(error, signal, service);
    }
  };
  const leave = async (): Promise<void> => {
    // Whoever leaves wants nothing more of it, a break included.
    if (body.dump) await body.dump().catch(() => undefined);
    else await body[Symbol.asyncIterator]().return?.();
  };
  return closable(parts(), leave);
}

export const contentPath = (assetId: string, key: string): string =>
  `/mflux/content.mfjp?_skey=${encodeURIComponent(key)}&id=${encodeURIComponent(assetId)}`;

export function contentRefused(status: number, beginning: string, assetId: string): MediafluxError {
  if (status === 401 || beginning.includes('session is not valid'))
    return new MediafluxError('session-expired', 'The session is over.');
  return new MediafluxError(
    status === 403 ? 'not-permitted' : status === 404 ? 'not-found' : 'service-error',
    `Mediaflux answered with HTTP status ${status} for the content of asset ${assetId}.`,
  );
}

export const isPassing = (status: number): boolean => status === 429 || status >= 500;

export function mustBeOk(reply: HttpReply): void {
  const { status } = reply;
  if (status === 200) return;
  // Read only to have the connection back, which is closed where that fails.
  reply.body.dump().catch(() => undefined);
  throw answeredByStatus(reply);
}

export function answeredByStatus({ status, headers }: Pick<HttpReply, 'status' | 'headers'>): AnsweredByStatus {
  if (status === 413) return new RequestTooLong();
  const header = (name: string) => headers[name]?.toString();
  const message = `Mediaflux answered with HTTP status ${status}.`;
  return new AnsweredByStatus(kindOfStatus(status), message, header('retry-after'), header('date'));
}

function kindOfStatus(status: number): MediafluxErrorKind {
  if (status === 503 || status === 429) return 'busy';
  return isPassing(status) ? 'unreachable' : 'malformed-reply';
}

export const LONGEST_BEGINNING = 64 * 1024;

export async function beginningOf(reply: HttpReply): Promise<string> {
  let text = '';
  for await (const part of reply.body) {
    text += part.toString('utf8');
    if (text.length > LONGEST_BEGINNING) break;
  }
  return text;
}
