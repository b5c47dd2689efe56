// multipart/form-data as it streams in (reference 4): the request, the number of attachments, and then the contents,
// each written to its file while it arrives. A part without a file name loses its bytes, as on the real server.

import type { Readable } from 'node:stream';
import type { Contents, StoredContent } from '../store/contents.js';

export interface MultipartRequest {
  xml: string;
  inputs: StoredContent[];
}

export class MultipartFault extends Error {}

const LONGEST_REQUEST = 16 * 1024 * 1024;
const LONGEST_HEAD = 64 * 1024;

export const boundaryOf = (contentType: string): string | undefined =>
  /boundary=(?:"([^"]+)"|([^\s;]+))/i
    .exec(contentType)
    ?.slice(1)
    .find((text) => text !== undefined);

/** @throws MultipartFault the body ends early or has no request in it; what was stored of it is removed */
export async function readMultipart(body: Readable, boundary: string, contents: Contents): Promise<MultipartRequest> {
  const parts = new Parts(contents);
  try {
    await split(body, boundary, parts);
  } catch (error) {
    await parts.discard();
    throw error;
  }
  return parts.request();
}

/** Receives the parts in order. */
class Parts {
  readonly inputs: StoredContent[] = [];
  private xml: string | undefined;
  private text: Buffer[] = [];
  private textBytes = 0;
  private index = -1;
  private sink: ReturnType<Contents['sink']> | undefined;

  constructor(private readonly contents: Contents) {}

  begin(head: string): void {
    this.index += 1;
    const isContent = this.index >= 2 || (this.index === 1 && !/name="nb-data-attachments"/i.test(head));
    if (isContent && /filename=/i.test(head)) this.sink = this.contents.sink();
  }

  write(bytes: Buffer): Promise<void> | undefined {
    if (this.sink) return this.sink.write(bytes);
    if (this.index === 0) {
      this.textBytes += bytes.length;
      if (this.textBytes > LONGEST_REQUEST) throw new MultipartFault('The request part is too large.');
      this.text.push(bytes);
    }
    return undefined;
  }

  async end(): Promise<void> {
    if (this.index === 0) this.xml = Buffer.concat(this.text).toString('utf8');
    if (this.sink) {
      this.inputs.push(await this.sink.finish());
      this.sink = undefined;
    }
  }

  async discard(): Promise<void> {
    await this.sink?.discard();
    for (const input of this.inputs) await this.contents.remove(input.file);
  }

  request(): MultipartRequest {
    if (this.xml === undefined) throw new MultipartFault('The body holds no request part.');
    return { xml: this.xml, inputs: this.inputs };
  }
}

async function split(body: Readable, boundary: string, parts: Parts): Promise<void> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line break before it; one put in front makes all alike.
  let held: Buffer = Buffer.from('\r\n');
  let inHead = true;
  let isFirst = true;
  for await (const chunk of body) {
    held = held.length === 0 ? (chunk as Buffer) : Buffer.concat([held, chunk as Buffer]);
    for (;;) {
      if (inHead) {
        const start = isFirst ? held.indexOf(delimiter) : 0;
        const after = start + (isFirst ? delimiter.length : 0);
        if (start < 0 || held.length < after + 2) break;
        if (held.subarray(after, after + 2).toString('latin1') === '--') {
          await drain(body);
          return;
        }
        const end = held.indexOf('\r\n\r\n', after);
        if (end < 0) {
          if (held.length > LONGEST_HEAD) throw new MultipartFault('The head of a part is too long.');
          break;
        }
        parts.begin(held.subarray(after, end).toString('utf8'));
        // Keeps the line break: an empty part's delimiter begins with it.
        held = held.subarray(end + 4);
        inHead = false;
        isFirst = false;
      }
      const found = held.indexOf(delimiter);
      if (found < 0) {
        const safe = held.length - delimiter.length + 1;
        if (safe > 0) {
          await parts.write(held.subarray(0, safe));
          held = held.subarray(safe);
        }
        break;
      }
      if (found > 0) await parts.write(held.subarray(0, found));
      await parts.end();
      held = held.subarray(found + delimiter.length);
      inHead = true;
    }
  }
  throw new MultipartFault('The body ended before its closing boundary.');
}

async function drain(body: Readable): Promise<void> {
  for await (const _ of body) {
    // What follows the closing boundary means nothing.
  }
}
