import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseManifestLine } from './manifest.rules.js';
import { UsualLine } from './usual-line.js';

const usual = new UsualLine();

/** What the short way finds, in the form of the long one; undefined: it leaves the line to that. */
function readShort(line: string): unknown {
  const before = 'something before\n';
  const bytes = Buffer.from(`${before}${line}\n`);
  if (!usual.read(bytes, before.length)) return undefined;
  expect(usual.end).toBe(bytes.length);
  return {
    entry: {
      path: bytes.toString('utf8', usual.pathBegin, usual.pathEnd),
      type: 'file',
      size: usual.size,
      crc32: bytes.toString('utf8', usual.sumBegin, usual.sumBegin + 8),
      modifiedMs: Number.isNaN(usual.modifiedMs) ? null : usual.modifiedMs,
    },
  };
}

const line = (fields: Record<string, unknown>): string =>
  JSON.stringify({ path: 'a/b.tif', size: 12, crc32: '1a2b3c4d', ...fields });

describe('the short way of reading a line', () => {
  it.each([
    ['a line without a time', line({})],
    ['a time with milliseconds', line({ mtime: '2026-03-01T09:00:00.123Z' })],
    ['a time without', line({ mtime: '1969-12-31T23:59:59Z' })],
    ['a leap day', line({ mtime: '2024-02-29T23:59:59.999Z' })],
    ['dots in names', line({ path: '.a/..b/c./...' })],
    ['the longest name', line({ path: `${'x'.repeat(255)}/y` })],
    ['the longest size', line({ size: 999_999_999_999_999 })],
    ['an end with a carriage return', `${line({})}\r`],
  ])('takes %s', (_, text) => {
    expect(readShort(text)).toEqual(parseManifestLine(text));
  });

  it.each([
    ['an escape', '{"path":"a\\u0041","size":1,"crc32":"1a2b3c4d"}'],
    ['a letter beyond ASCII', line({ path: 'größe' })],
    ['a size that begins with zero', '{"path":"a","size":01,"crc32":"1a2b3c4d"}'],
    ['a doubled field', '{"path":"a","path":"b","size":1,"crc32":"1a2b3c4d"}'],
    ['fields in another order', '{"size":1,"path":"a","crc32":"1a2b3c4d"}'],
    ['a time with a zone', line({ mtime: '2026-03-01T09:00:00+11:00' })],
    ['a day that is none', line({ mtime: '2026-02-29T09:00:00Z' })],
    ['an hour that is none', line({ mtime: '2026-03-01T24:00:00Z' })],
    ['a year of which Date makes another', line({ mtime: '0050-03-01T09:00:00Z' })],
    ['no time', line({ mtime: null })],
    ['a path that climbs', line({ path: 'a/../b' })],
    ['an empty part', line({ path: 'a//b' })],
    ['an empty path', line({ path: '' })],
    ['a name that is too long', line({ path: 'x'.repeat(256) })],
    ['a path that is too long', line({ path: `${'y/'.repeat(2_100)}z` })],
    ['a size that is too large', line({ size: 2 ** 53 })],
    ['something behind it', `${line({})} `],
    ['a cut line', line({}).slice(0, -1)],
  ])('leaves %s to the long one', (_, text) => {
    expect(readShort(text)).toBeUndefined();
  });

  it('comes to the same as the long one, for any line', () => {
    const characters = fc.constantFrom('a', 'Z', '.', '/', ' ', '"', '\\', '\u007f', 'é', '\u0000');
    const fields = fc.record(
      {
        path: fc.oneof(fc.string({ unit: characters }), fc.stringMatching(/^[ -~]{0,40}$/), fc.constant('a/../b')),
        size: fc.oneof(fc.nat(), fc.double(), fc.constant(-0), fc.constant(Number.MAX_SAFE_INTEGER)),
        crc32: fc.oneof(fc.stringMatching(/^[0-9a-f]{7,9}$/), fc.string()),
        mtime: fc.oneof(
          fc
            .date({ noInvalidDate: true, min: new Date('0000-01-01'), max: new Date('9999-12-31') })
            .map((at) => at.toISOString()),
          fc.stringMatching(/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,4})?Z$/),
          fc.string(),
          fc.constant(null),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, fc.constantFrom('', ' ', '\r'), (value, end) => {
        const text = `${JSON.stringify(value)}${end}`;
        const short = readShort(text);
        if (short !== undefined) expect(short).toEqual(parseManifestLine(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not take a line whose end is still to come, wherever it is cut', () => {
    const bytes = Buffer.from(`${line({ mtime: '2026-03-01T09:00:00.123Z' })}\n`);
    for (let length = 0; length < bytes.length; length += 1)
      expect(usual.read(bytes.subarray(0, length), 0)).toBe(false);
    expect(usual.read(bytes, 0)).toBe(true);
  });
});
