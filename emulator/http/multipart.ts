// multipart/form-data as it streams in (reference 4): the request, the number of attachments, and then the contents,
// each written to its place while it arrives. A part without a file name loses its bytes, as on the real server.

import type { Readable } from 'node:stream';
import { BodyFault, LONGEST_REQUEST, type Receiver } from './inputs.js';

const LONGEST_HEAD = 64 * 1024;

export const boundaryOf = (contentType: string): string | undefined =>
  /boundary=(?:"([^"]+)"|([^\s;]+))/i
    .exec(contentType)
    ?.slice(1)
    .find((text) => text !== undefined);

/** @throws BodyFault the body ends early */
export async function readMultipart(body: Readable, boundary: string, receiver: Receiver): Promise<void> {
  await split(body, boundary, new Parts(receiver));
}

/** Receives the parts in order. */
class Parts {
  private text: Buffer[] = [];
  private textBytes = 0;
  private index = -1;
  private isContent = false;

  constructor(private readonly receiver: Receiver) {}

  begin(head: string): void {
    this.index += 1;
    const mayBeContent = this.index >= 2 || (this.index === 1 && !/name="?nb-data-attachments/i.test(head));
    this.isContent = mayBeContent && /filename\*?=/i.test(head);
    if (this.isContent) this.receiver.openContent();
  }

  write(bytes: Buffer): Promise<void> | undefined {
    if (this.isContent) return this.receiver.write(bytes);
    if (this.index === 0) {
      this.textBytes += bytes.length;
      if (this.textBytes > LONGEST_REQUEST) throw new BodyFault('The request part is too large.');
      this.text.push(bytes);
    }
    return undefined;
  }

  async end(): Promise<void> {
    if (this.index === 0) this.receiver.takeDocument(Buffer.concat(this.text).toString('utf8'));
    if (this.isContent) await this.receiver.closeContent();
    this.isContent = false;
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
          if (held.length > LONGEST_HEAD) throw new BodyFault('The head of a part is too long.');
          break;
        }
        parts.begin(held.subarray(after, end).toString('utf8'));
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
  throw new BodyFault('The body ended before its closing boundary.');
}

async function drain(body: Readable): Promise<void> {
  for await (const _ of body) {
    // What follows the closing boundary means nothing.
  }
}
