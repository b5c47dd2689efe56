// A content as it streams down, counted and summed on the way: whoever reads it to the end has all of it, or an error.

import { crc32, crc32Text } from './crc32.js';
import { MediafluxError } from './errors.js';

export interface ExpectedContent {
  /** Bytes; null where nobody told. */
  size: number | null;
  /** CRC-32 as eight lower-case hexadecimal digits; null where nobody told, and for a part of a content. */
  crc32: string | null;
}

/**
 * @throws MediafluxError unreachable: it broke off before its end; content-damaged: it has more bytes than it should, or
 * another checksum
 */
export async function* checkedContent(
  body: AsyncIterable<Uint8Array>,
  expected: ExpectedContent,
  service: string,
): AsyncGenerator<Buffer> {
  const { size } = expected;
  let got = 0;
  let sum = 0;
  for await (const part of body) {
    got += part.length;
    if (size !== null && got > size) throw tooLong(size, service);
    if (expected.crc32 !== null) sum = crc32(part, sum);
    yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  }
  if (size !== null && got < size)
    throw new MediafluxError('unreachable', `The content broke off after ${got} of ${size} bytes.`, { service });
  mustHaveSum(sum, expected, service);
}

/**
 * The CRC-32 of a content whose answer came to its end.
 * @throws MediafluxError content-damaged: it has more or fewer bytes than it should, or another checksum
 */
export function mustBeWhole(content: Buffer, expected: ExpectedContent, service: string): number {
  const { size } = expected;
  if (size !== null && content.length > size) throw tooLong(size, service);
  if (size !== null && content.length < size)
    throw new MediafluxError(
      'content-damaged',
      `Mediaflux sent ${content.length} of the ${size} bytes that it holds.`,
      {
        service,
      },
    );
  const sum = crc32(content);
  mustHaveSum(sum, expected, service);
  return sum;
}

const tooLong = (size: number, service: string): MediafluxError =>
  new MediafluxError('content-damaged', `Mediaflux sent more than the ${size} bytes that it holds.`, { service });

function mustHaveSum(sum: number, { crc32: told }: ExpectedContent, service: string): void {
  if (told !== null && crc32Text(sum) !== told)
    throw new MediafluxError(
      'content-damaged',
      `The content arrived with another checksum (${crc32Text(sum)}) than Mediaflux recorded for it (${told}).`,
      { service },
    );
}
