// Single exchanges with a server: each ends in what was asked for or in a typed error that names its service, and the
// breaker takes note of each answer.

import {
  AnsweredByStatus,
  closable,
  type ContentSource,
  type HttpEnds,
  type HttpReply,
  MediafluxError,
  type MediafluxErrorKind,
  PACKET_TYPE,
  type PacketContent,
  packetRequest,
  readItems,
  readPacketReply,
  readXml,
  requestDocument,
  RequestTooLong,
  resultOf,
  resultOfBytes,
  type ServiceCall,
  type Transport,
  transportError,
  UnwritableText,
  type WholeReply,
  type XmlElement,
} from '../protocol/index.js';
import { type Breaker, isUnanswered } from './breaker.js';
import { formOf } from './upload-form.js';

/** The children of a long `result`, the first of them read ahead: with it, a session that is over has been seen. */
export interface OpenedItems {
  first: IteratorResult<XmlElement, XmlElement>;
  rest: AsyncGenerator<XmlElement, XmlElement>;
}

const XML_HEADERS = { 'content-type': 'text/xml; charset=utf-8' };
/** A list without an end would fill memory. */
const MOST_GATHERED = 5_000_000;
/** What a content that comes by its address is called in errors. */
const CONTENT_ADDRESS = 'content.mfjp';

/** When a call ends without its answer. */
export type CallEnds = Pick<HttpEnds, 'signal' | 'answerWithinMs'>;

export class Exchange {
  constructor(
    private readonly transport: Transport,
    private readonly breaker: Breaker,
  ) {}

  /** The `result` of one call; of a logon without a key. @throws MediafluxError */
  result(call: ServiceCall, key: string | undefined, ends: CallEnds = {}): Promise<XmlElement> {
    return this.noted(call.service, ends.signal, async () =>
      this.wholeResult(
        await this.transport.postWhole(requestDocument(call, key), XML_HEADERS, this.endsOf(ends)),
        call.service,
      ),
    );
  }

  /** The same, with a content that goes up. */
  resultOfUpload(call: ServiceCall, content: ContentSource, key: string, ends: CallEnds): Promise<XmlElement> {
    return this.noted(call.service, ends.signal, async () => {
      const { body, headers } = await formOf(requestDocument(call, key), content);
      return this.wholeResult(await this.transport.postWhole(body, headers, this.endsOf(ends)), call.service);
    });
  }

  items(call: ServiceCall, key: string, signal?: AbortSignal): Promise<OpenedItems> {
    return this.noted(call.service, signal, async () => {
      const reply = await this.post(requestDocument(call, key), XML_HEADERS, signal);
      mustBeOk(reply);
      const rest = readItems(reply.body, 'response/reply/result');
      const first = await rest.next();
      if (first.done) resultOf(first.value, call.service);
      return { first, rest };
    });
  }

  /**
   * What `take` makes of each child of the element at `itemsAt`; the answer is read to its end, and of it only that is kept.
   */
  gather<T>(
    call: ServiceCall,
    itemsAt: string,
    take: (item: XmlElement) => readonly T[],
    key: string,
    signal?: AbortSignal,
  ): Promise<T[]> {
    return this.noted(call.service, signal, async () => {
      const reply = await this.post(requestDocument(call, key), XML_HEADERS, signal);
      mustBeOk(reply);
      const items = readItems(reply.body, itemsAt);
      const taken: T[] = [];
      try {
        for (;;) {
          const next = await items.next();
          if (next.done) {
            resultOf(next.value, call.service);
            return taken;
          }
          taken.push(...take(next.value));
          if (taken.length > MOST_GATHERED)
            throw new MediafluxError('malformed-reply', 'Mediaflux sent a longer list than this program reads.');
        }
      } finally {
        await items.return(undefined as never);
      }
    });
  }

  /** The content that a call brings, in the packet form (reference 1.6, 5.3). */
  packetContent(call: ServiceCall, key: string, signal?: AbortSignal): Promise<PacketContent> {
    return this.noted(call.service, signal, async () => {
      const reply = await this.post(
        packetRequest(requestDocument(call, key, 1)),
        { 'content-type': PACKET_TYPE },
        signal,
      );
      mustBeOk(reply);
      const { document, content } = await readPacketReply(reply.body);
      resultOf(readXml(document), call.service);
      if (!content)
        throw new MediafluxError('malformed-reply', 'Mediaflux answered without the content that was asked for.');
      return { ...content, body: typed(content.body, call.service, signal) };
    });
  }

  /**
   * `GET content.mfjp` of an asset (reference 5.1). What the statuses other than 200 mean is assumed: 401, and the words
   * of a session that is over, 403, 404; 429 and 503 are passing, the rest from 500 on is no answer.
   */
  content(assetId: string, key: string, signal?: AbortSignal): Promise<AsyncIterableIterator<Buffer>> {
    return this.noted(CONTENT_ADDRESS, signal, async () => {
      const reply = await this.transport.get(contentPath(assetId, key), {}, this.ends(signal));
      if (reply.status === 200) return typed(reply.body, CONTENT_ADDRESS, signal);
      if (isPassing(reply.status)) mustBeOk(reply);
      const beginning = await beginningOf(reply);
      // The status says why; the rest of the body is read only to have the connection back.
      await reply.body.dump().catch(() => undefined);
      throw contentRefused(reply.status, beginning, assetId);
    });
  }

  /** The same of a small one, which is in memory when it answers; the transport takes that back. */
  wholeContent(assetId: string, key: string, signal?: AbortSignal): Promise<Buffer> {
    return this.noted(CONTENT_ADDRESS, signal, async () => {
      const reply = await this.transport.getWhole(contentPath(assetId, key), {}, this.ends(signal));
      const { status, body } = reply;
      if (status === 200) return body;
      if (isPassing(status)) throw answeredByStatus(reply);
      throw contentRefused(status, body.toString('utf8', 0, LONGEST_BEGINNING), assetId);
    });
  }

  private post(
    body: string | Buffer | AsyncIterable<Uint8Array>,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<HttpReply> {
    return this.transport.post(body, headers, this.ends(signal));
  }

  private ends(signal: AbortSignal | undefined): HttpEnds {
    return this.endsOf({ signal });
  }

  private endsOf({ signal, answerWithinMs }: CallEnds): HttpEnds {
    return { signal, whileWaiting: this.breaker.opening, answerWithinMs };
  }

  private wholeResult(reply: WholeReply, service: string): XmlElement {
    try {
      if (reply.status !== 200) throw answeredByStatus(reply);
      return resultOfBytes(reply.body, service);
    } finally {
      this.transport.giveBackWhole(reply.body);
    }
  }

  private async noted<T>(service: string, signal: AbortSignal | undefined, exchange: () => Promise<T>): Promise<T> {
    try {
      const answer = await exchange();
      this.breaker.note();
      return answer;
    } catch (error) {
      const known = typedError(error, signal, service);
      // Without an answer the call may be made again; whoever makes it tells of it once, when it is given up.
      if (!isUnanswered(known)) this.breaker.note(known);
      throw known;
    }
  }
}

/** As `transportError`, and an argument that cannot be written is told by kind too. */
export function typedError(error: unknown, signal: AbortSignal | undefined, service: string): unknown {
  if (error instanceof UnwritableText)
    return new MediafluxError('invalid-arguments', error.message, { service, cause: error });
  return transportError(error, signal, service);
}

/** A connection that breaks while a content is read is Mediaflux out of reach, and told so. */
function typed(
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

const contentPath = (assetId: string, key: string): string =>
  `/mflux/content.mfjp?_skey=${encodeURIComponent(key)}&id=${encodeURIComponent(assetId)}`;

function contentRefused(status: number, beginning: string, assetId: string): MediafluxError {
  if (status === 401 || beginning.includes('session is not valid'))
    return new MediafluxError('session-expired', 'The session is over.');
  return new MediafluxError(
    status === 403 ? 'not-permitted' : status === 404 ? 'not-found' : 'service-error',
    `Mediaflux answered with HTTP status ${status} for the content of asset ${assetId}.`,
  );
}

const isPassing = (status: number): boolean => status === 429 || status >= 500;

function mustBeOk(reply: HttpReply): void {
  const { status } = reply;
  if (status === 200) return;
  // Read only to have the connection back, which is closed where that fails.
  reply.body.dump().catch(() => undefined);
  throw answeredByStatus(reply);
}

function answeredByStatus({ status, headers }: Pick<HttpReply, 'status' | 'headers'>): AnsweredByStatus {
  if (status === 413) return new RequestTooLong();
  const header = (name: string) => headers[name]?.toString();
  const message = `Mediaflux answered with HTTP status ${status}.`;
  return new AnsweredByStatus(kindOfStatus(status), message, header('retry-after'), header('date'));
}

function kindOfStatus(status: number): MediafluxErrorKind {
  if (status === 503 || status === 429) return 'busy';
  return isPassing(status) ? 'unreachable' : 'malformed-reply';
}

const LONGEST_BEGINNING = 64 * 1024;

async function beginningOf(reply: HttpReply): Promise<string> {
  let text = '';
  for await (const part of reply.body) {
    text += part.toString('utf8');
    if (text.length > LONGEST_BEGINNING) break;
  }
  return text;
}
