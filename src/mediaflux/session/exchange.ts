// Single exchanges with a server: each ends in what was asked for or in a typed error that names its service, and the
// breaker takes note of each answer.

import {
  type ContentSource,
  type HttpEnds,
  type HttpReply,
  type Into,
  MediafluxError,
  PACKET_TYPE,
  type PacketContent,
  packetRequest,
  packetsOf,
  readItems,
  readPacketReply,
  readXml,
  requestDocument,
  resultOf,
  resultOfBytes,
  type ServiceCall,
  tellItems,
  type Transport,
  type WholeReply,
  type XmlElement,
} from '../protocol/index.js';
import { type Breaker, isUnanswered } from './breaker.js';
import {
  answeredByStatus,
  beginningOf,
  contentPath,
  contentRefused,
  isPassing,
  LONGEST_BEGINNING,
  mustBeOk,
  typed,
  typedError,
} from './http-answers.js';
import { formOf } from './upload-form.js';

const XML_HEADERS = { 'content-type': 'text/xml; charset=utf-8' };
/** A list without an end would fill memory. */
const MOST_GATHERED = 5_000_000;
/** What a content that comes by its address is called in errors. */
const CONTENT_ADDRESS = 'content.mfjp';

/** Told of the body of an answer before any of it is read. */
export type Came = (body: Buffer) => Promise<void>;

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

  /** The same, with a content that goes up. @param ends `repeatable`: the call may be made twice without harm */
  resultOfUpload(
    call: ServiceCall,
    content: ContentSource,
    key: string,
    { repeatable, ...ends }: CallEnds & { repeatable?: boolean },
  ): Promise<XmlElement> {
    return this.noted(call.service, ends.signal, async () => {
      const { body, headers } = await formOf(requestDocument(call, key), content);
      const isSmall = repeatable === true && Buffer.isBuffer(body);
      const reply = isSmall
        ? await this.transport.postSmall(body, headers, this.endsOf(ends))
        : await this.transport.postWhole(body, headers, this.endsOf(ends));
      return this.wholeResult(reply, call.service);
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

  /** Each child of the `result` told to `take`, once all of the answer is here, and `came`, which is told of it, is done. */
  tell(
    call: ServiceCall,
    take: (item: XmlElement) => void,
    key: string,
    { came, ...ends }: CallEnds & { came?: Came },
  ): Promise<void> {
    return this.noted(call.service, ends.signal, async () => {
      const reply = await this.transport.postWhole(requestDocument(call, key), XML_HEADERS, this.endsOf(ends));
      try {
        if (reply.status !== 200) throw answeredByStatus(reply);
        await came?.(reply.body);
        resultOf(await tellItems(reply.body, take, ends.signal), call.service);
      } finally {
        this.transport.giveBackWhole(reply.body);
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
      if (!content) throw withoutContent();
      return { ...content, body: typed(content.body, call.service, signal) };
    });
  }

  /** The same of a short one, which is in that memory when it answers. */
  wholePacketContent(call: ServiceCall, key: string, into: Into, ends: CallEnds): Promise<Buffer> {
    return this.noted(call.service, ends.signal, async () => {
      const reply = await this.transport.postWhole(
        packetRequest(requestDocument(call, key, 1)),
        { 'content-type': PACKET_TYPE },
        this.endsOf(ends),
        into,
      );
      if (reply.status !== 200) throw answeredByStatus(reply);
      const { document, content } = packetsOf(reply.body);
      resultOf(readXml(document), call.service);
      if (!content) throw withoutContent();
      return content;
    });
  }

  /**
   * `GET content.mfjp` of an asset (reference 5.1). What the statuses other than 200 mean is assumed: 401, and the words
   * of a session that is over, 403, 404; 429 and 503 are passing, the rest from 500 on is no answer.
   */
  content(assetId: string, key: string, signal?: AbortSignal, isLarge = false): Promise<AsyncIterableIterator<Buffer>> {
    return this.noted(CONTENT_ADDRESS, signal, async () => {
      const path = contentPath(assetId, key);
      const reply = isLarge
        ? await this.transport.getLarge(path, this.ends(signal))
        : await this.transport.get(path, {}, this.ends(signal));
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

const withoutContent = (): MediafluxError =>
  new MediafluxError('malformed-reply', 'Mediaflux answered without the content that was asked for.');
