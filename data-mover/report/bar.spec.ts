import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barLines } from './bar.js';
import { columnsOf } from './columns.js';
import type { Standing } from './tally.js';

const standing = (fields: Partial<Standing> = {}): Standing => ({
  files: 2_154,
  ofFiles: 20_000,
  bytes: 123_456_789_000,
  ofBytes: 987_654_321_000,
  rate: 112_300_000,
  secondsLeft: 7_695,
  checked: { bytes: 0, ofBytes: 0 },
  inFlight: [],
  ...fields,
});
const LONG = `experiment-2026-03-01/${'sub-folder/'.repeat(12)}plane-000123-channel-2.tif`;

describe('the line of the whole', () => {
  it('holds everything at 120 columns', () => {
    expect(barLines(standing(), 120)).toEqual([
      '[##......................] 12% 2154 of 20000 files, 123.5 GB of 987.7 GB, 112.3 MB/s, 2 h 8 min left',
    ]);
  });

  it('has a shorter bar at 80 columns, and rate and time left all the same', () => {
    const [line = ''] = barLines(standing(), 80);
    expect(line).toBe('[#...........] 12% 2154/20000 files, 123.5 GB, 112.3 MB/s, 2 h 8 min left');
    expect(line.length).toBeLessThan(80);
  });

  it('has no bar at 60 columns, and rate and time left all the same', () => {
    expect(barLines(standing(), 60)).toEqual(['12%, 2154/20000 files, 123.5 GB, 112.3 MB/s, 2 h 8 min left']);
  });

  it.each([40, 26, 12, 1])('keeps what matters most in %p columns', (columns) => {
    const [line = ''] = barLines(standing(), columns);
    expect(line).toMatch(/^12%/);
    expect(line.includes('2 h 8 min left')).toBe(columns > 20);
  });

  it('says nothing of a rate before there is one', () => {
    expect(barLines(standing({ rate: 0, secondsLeft: undefined }), 120)[0]).toMatch(/of 987\.7 GB$/);
  });

  it('says how much of what was there before has been checked, as long as that goes on', () => {
    const rate = 112_300_000;
    const checking = { bytes: 50_000_000_000, ofBytes: 800_000_000_000 };
    expect(barLines(standing({ checked: checking, rate }), 150)[0]).toBe(
      '[##......................] 12% 2154 of 20000 files, 123.5 GB of 987.7 GB, 50.0 GB of 800.0 GB there already checked, 112.3 MB/s, 2 h 8 min left',
    );
    expect(barLines(standing({ checked: checking, rate: 0 }), 80)[0]).toMatch(/2 h 8 min left$/);
    expect(barLines(standing({ checked: { ...checking, bytes: checking.ofBytes } }), 150)[0]).not.toContain('checked');
  });
});

describe('the line of a file', () => {
  const fileLine = (path: string, columns: number) =>
    barLines(standing({ inFlight: [{ path, bytes: 1, ofBytes: 4, isCheck: false, uncheckedBytes: 0 }] }), columns)[1] ??
    '';

  it('keeps the name of the file and leaves out folders before it', () => {
    expect(fileLine(LONG, 80)).toBe('  25% experiment-2026-03-01/sub-folder/sub-folder/s…/plane-000123-channel-2.tif');
    expect(fileLine('short.tif', 80)).toBe('  25% short.tif');
  });

  it('says of one that is there that it is checked', () => {
    const checked = { path: 'short.tif', bytes: 1, ofBytes: 4, isCheck: true, uncheckedBytes: 9 };
    expect(barLines(standing({ inFlight: [checked] }), 80)[1]).toBe('  25% checking short.tif');
  });

  it('keeps the end of a name that is too long itself', () => {
    expect(fileLine(LONG, 30)).toBe('  25% …e-000123-channel-2.tif');
  });

  it('counts letters that take two columns, and marks that take none', () => {
    expect(columnsOf('日本語')).toBe(6);
    expect(columnsOf('🔬')).toBe(2);
    expect(columnsOf('👩‍🔬')).toBe(2);
    expect(columnsOf('e\u0301')).toBe(1);
    expect(fileLine(`${'日本'.repeat(30)}.tif`, 40)).toMatch(/^ {2}25% …[日本]+\.tif$/);
  });
});

it('never takes as many columns as there are, and never breaks a letter', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      fc.integer({ min: 20, max: 200 }),
      (path, columns) => {
        for (const line of barLines(
          standing({ inFlight: [{ path, bytes: 0, ofBytes: 9, isCheck: true, uncheckedBytes: 9 }] }),
          columns,
        )) {
          expect(columnsOf(line)).toBeLessThan(columns);
          expect(line).not.toMatch(/\p{Surrogate}/u);
        }
      },
    ),
  );
});
