import { describe, expect, it } from '@jest/globals';
import { type ContentSource, ContentChanged, multipartBody, multipartInOne, SourceFault } from './multipart.js';

const source = (bytes: Buffer, more: Partial<ContentSource> = {}): ContentSource => ({
  name: 'a.txt',
  size: bytes.length,
  open: () => [bytes],
  ...more,
});

async function whole(body: ReturnType<typeof multipartBody>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body.stream()) parts.push(part);
  return Buffer.concat(parts);
}

it('an upload is request, number of attachments and content, and exactly as long as it says', async () => {
  const body = multipartBody('<request/>', source(Buffer.from('hello world')));
  const boundary = /^multipart\/form-data; boundary=([0-9a-f]{30})$/.exec(body.contentType)?.[1] ?? '';
  const bytes = await whole(body);
  expect(bytes.toString()).toBe(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="request"',
      '',
      '<request/>',
      `--${boundary}`,
      'Content-Disposition: form-data; name="nb-data-attachments"',
      '',
      '1',
      `--${boundary}`,
      'Content-Disposition: form-data; name="filename"; filename="a.txt"',
      'Content-Type: application/octet-stream',
      '',
      'hello world',
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  );
  expect(bytes).toHaveLength(body.contentLength);
});

it.each([
  ['a"b.txt', 'a_b.txt'],
  ['a\\b.txt', 'a_b.txt'],
  ['a\r\nContent-Type: x', 'a__Content-Type: x'],
  ['größe 日本.txt', 'größe 日本.txt'],
])('the name %j cannot end its header, and its bytes are counted', async (name, written) => {
  const body = multipartBody('<request/>', source(Buffer.from('x'), { name }));
  const bytes = await whole(body);
  expect(bytes.toString()).toContain(`filename="${written}"\r\n`);
  expect(bytes).toHaveLength(body.contentLength);
});

describe('a content that is another than was promised', () => {
  it.each([
    ['longer', 3, 'more'],
    ['shorter', 9, '5'],
  ])('as it is %s, has changed', async (_, size, told) => {
    const body = multipartBody('<request/>', source(Buffer.from('12345'), { size }));
    await expect(whole(body)).rejects.toMatchObject({
      name: 'Error',
      message: `The content was to have ${size} bytes and has ${told}: it changed while it was read.`,
    });
  });

  it('as it cannot be read, says so by itself and not as a network’s fault', async () => {
    const fault = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    const opens = [
      () => {
        throw fault;
      },
      async function* () {
        yield Buffer.from('1');
        throw fault;
      },
    ];
    for (const open of opens) {
      const failed = whole(multipartBody('<request/>', source(Buffer.from('12345'), { open })));
      await expect(failed).rejects.toBeInstanceOf(SourceFault);
      await expect(failed).rejects.toMatchObject({ cause: fault });
    }
  });
});

describe('a content in memory', () => {
  const boundaryIn = (contentType: string): string => contentType.replace(/^.*boundary=/, '');

  it('goes in one piece, the same as it would stream', async () => {
    const bytes = Buffer.from('hello world');
    const inOne = multipartInOne('<request/>', { ...source(bytes), bytes });
    const streamed = multipartBody('<request/>', source(bytes));
    const text = (body: Buffer, contentType: string) => body.toString().replaceAll(boundaryIn(contentType), 'BOUNDARY');
    expect(text(inOne.body, inOne.contentType)).toBe(text(await whole(streamed), streamed.contentType));
  });

  it('goes without a copy where the memory around it has room, and with one where it has not', () => {
    const bytes = Buffer.from('hello world');
    const expected = multipartInOne('<request>größe</request>', { ...source(bytes), bytes }).body.toString();
    for (const [before, after] of [
      [1_000, 100],
      [1_000, 10],
      [10, 100],
    ] as const) {
      const around = Buffer.alloc(before + bytes.length + after);
      bytes.copy(around, before);
      const inside = around.subarray(before, before + bytes.length);
      const { body } = multipartInOne('<request>größe</request>', { ...source(inside), bytes: inside, around });
      expect(body.toString()).toBe(expected);
      expect(body.buffer === around.buffer).toBe(before + after > 1_050);
      expect(inside.toString()).toBe('hello world');
    }
  });

  it('gets another boundary when it holds the usual one, as a record of network traffic does', () => {
    const first = multipartInOne('<request/>', { ...source(Buffer.from('a')), bytes: Buffer.from('a') });
    const again = multipartInOne('<request/>', { ...source(Buffer.from('b')), bytes: Buffer.from('b') });
    expect(again.contentType).toBe(first.contentType);
    const recorded = multipartInOne('<request/>', { ...source(first.body), bytes: first.body });
    expect(recorded.contentType).not.toBe(first.contentType);
    expect(first.body.includes(boundaryIn(recorded.contentType))).toBe(false);
    const asked = multipartInOne(first.contentType, { ...source(Buffer.from('a')), bytes: Buffer.from('a') });
    expect(asked.contentType).not.toBe(first.contentType);
  });

  it('is refused when it has another length than was promised', () => {
    const bytes = Buffer.from('hello');
    expect(() => multipartInOne('<request/>', { ...source(bytes, { size: 4 }), bytes })).toThrow(ContentChanged);
  });
});
