// An upload: the request, the number of attachments, and the contents as they stream, with the exact length ahead
// (reference 4).

import { randomBytes } from 'node:crypto';

export interface ContentSource {
  /** Shown to the server as the file's name. */
  name: string;
  /** Exact number of bytes that `open` gives. */
  size: number;
  /** May be called again when the call is repeated. */
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** What `open` gives, where all of it is in memory. */
  bytes?: Uint8Array;
  /**
   * Memory in whose midst `bytes` lie, and of which nothing else is in use until the call has ended: what goes before the
   * content and after it is written there, where it has room.
   */
  around?: Buffer;
}

export interface MultipartBody {
  contentType: string;
  contentLength: number;
  /** Streams the body once. @throws ContentChanged, and SourceFault with what the source threw */
  stream(): AsyncGenerator<Uint8Array>;
}

const freshBoundary = (): string => randomBytes(15).toString('hex');
/** Of bodies whose content is in memory, where it is looked for: making one costs more than that. */
const USUAL_BOUNDARY = freshBoundary();
const USUAL_BOUNDARY_BYTES = Buffer.from(USUAL_BOUNDARY);

/** The body in one piece, of a content in memory. It is not to be sent a second time. @throws ContentChanged */
export function multipartInOne(
  document: string,
  source: ContentSource & { bytes: Uint8Array },
): { contentType: string; body: Buffer } {
  const { bytes, size } = source;
  if (bytes.length !== size) throw new ContentChanged(size, bytes.length);
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isUsual = !content.includes(USUAL_BOUNDARY_BYTES) && !document.includes(USUAL_BOUNDARY);
  const { contentType, head, tail } = ends(document, source, isUsual ? USUAL_BOUNDARY : freshBoundary());
  const body =
    inPlace(head, content, tail, source.around) ?? Buffer.concat([Buffer.from(head), content, Buffer.from(tail)]);
  return { contentType, body };
}

/** Without a copy of the content. Undefined: there is no room. */
function inPlace(head: string, content: Buffer, tail: string, around: Buffer | undefined): Buffer | undefined {
  if (!around) return undefined;
  const start = content.byteOffset - around.byteOffset;
  const headStart = start - Buffer.byteLength(head);
  const end = start + content.length;
  if (headStart < 0 || end + tail.length > around.length) return undefined;
  around.write(head, headStart);
  around.write(tail, end, 'latin1');
  return around.subarray(headStart, end + tail.length);
}

export function multipartBody(document: string, source: ContentSource): MultipartBody {
  const { contentType, ...texts } = ends(document, source, freshBoundary());
  const [head, tail] = [Buffer.from(texts.head), Buffer.from(texts.tail)];
  return {
    contentType,
    contentLength: head.length + source.size + tail.length,
    async *stream() {
      yield head;
      let sent = 0;
      for await (const part of opened(source)) {
        sent += part.length;
        if (sent > source.size) break;
        yield part;
      }
      if (sent !== source.size) throw new ContentChanged(source.size, sent);
      yield tail;
    },
  };
}

/** What stands before the content and after it. */
function ends(document: string, source: ContentSource, boundary: string) {
  // Quotes and line breaks would end the header field; the name means nothing to the server beyond being there.
  const name = source.name.replace(/["\\\r\n]/g, '_');
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="request"',
    '',
    document,
    `--${boundary}`,
    'Content-Disposition: form-data; name="nb-data-attachments"',
    '',
    '1',
    `--${boundary}`,
    `Content-Disposition: form-data; name="filename"; filename="${name}"`,
    'Content-Type: application/octet-stream',
    '',
    '',
  ].join('\r\n');
  const tail = `\r\n--${boundary}--\r\n`;
  return { contentType: `multipart/form-data; boundary=${boundary}`, head, tail };
}

/**
 * The source of a content failed, as a local file that cannot be read. It says nothing of the server, so it must not be
 * mixed up with a failed connection on its way through the HTTP client; `cause` is what the caller gets.
 */
export class SourceFault extends Error {
  constructor(cause: unknown) {
    super('The source of a content failed.', { cause });
  }
}

async function* opened(source: ContentSource): AsyncGenerator<Uint8Array> {
  try {
    yield* source.open();
  } catch (error) {
    throw new SourceFault(error);
  }
}

/** The content had another length than was promised: the file changed while it was read. */
export class ContentChanged extends Error {
  constructor(expected: number, actual: number) {
    super(
      `The content was to have ${expected} bytes and has ${actual > expected ? 'more' : actual}: it changed while it was read.`,
    );
  }
}
