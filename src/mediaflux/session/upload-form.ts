// The form in which a content goes up: in one piece where it is small, as a stream otherwise.

import { type ContentSource, multipartBody, multipartInOne } from '../protocol/index.js';

const SMALL_BODY = 256 * 1024;

/** A small body goes out in one write, which saves a round trip of packets for each file. @throws ContentChanged */
export async function formOf(
  document: string,
  content: ContentSource,
): Promise<{ body: Buffer | AsyncIterable<Uint8Array>; headers: Record<string, string> }> {
  const { bytes } = content;
  if (bytes) {
    const { contentType, body } = multipartInOne(document, { ...content, bytes });
    return { body, headers: { 'content-type': contentType, 'content-length': String(body.length) } };
  }
  const form = multipartBody(document, content);
  const headers = { 'content-type': form.contentType, 'content-length': String(form.contentLength) };
  if (form.contentLength > SMALL_BODY) return { body: form.stream(), headers };
  const parts: Uint8Array[] = [];
  for await (const part of form.stream()) parts.push(part);
  return { body: Buffer.concat(parts), headers };
}
