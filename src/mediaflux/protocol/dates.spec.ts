import { describe, expect, it } from '@jest/globals';
import { dateArgument, instantOf, zoneOf } from './dates.js';
import { xml } from './element.js';

const at = (text: string): Date => new Date(text);
const melbourne = { name: 'Australia/Melbourne', offsetHours: 11 };

describe('a date in an argument', () => {
  it.each([
    ['in summer', '2026-01-15T00:00:00Z', '15-Jan-2026 11:00:00'],
    ['in winter, whatever the offset was when the zone was told', '2026-07-15T00:00:00Z', '15-Jul-2026 10:00:00'],
    ['in the second before summer time ends', '2026-04-04T15:59:59Z', '05-Apr-2026 02:59:59'],
    ['in the second after it ended', '2026-04-04T16:00:00Z', '05-Apr-2026 02:00:00'],
    ['in September, whose short name differs from country to country', '2026-09-01T00:00:00Z', '01-Sep-2026 10:00:00'],
  ])('is what the clock in the zone shows %s', (_, instant, text) => {
    expect(dateArgument(at(instant), melbourne)).toBe(text);
  });

  it('goes by the offset where the zone has no name, or one that means nothing', () => {
    expect(dateArgument(at('2026-07-15T00:00:00Z'), { name: undefined, offsetHours: 5.5 })).toBe(
      '15-Jul-2026 05:30:00',
    );
    expect(dateArgument(at('2026-07-15T00:00:00Z'), { name: 'No/Where', offsetHours: -3 })).toBe(
      '14-Jul-2026 21:00:00',
    );
    expect(dateArgument(at('2026-07-15T00:00:00Z'), undefined)).toBe('15-Jul-2026 00:00:00');
  });
});

describe('a date in a reply', () => {
  it.each([
    ['its milliseconds', '01-Jan-2026 00:00:00', { tz: 'No/Where', millisec: '1767225600000' }, '2026-01-01T00:00:00Z'],
    ['its offset', '01-Jul-2026 10:00:00', { tz: 'Australia/Melbourne', 'gmt-offset': '10.0' }, '2026-07-01T00:00:00Z'],
    ['its zone', '01-Jul-2026 10:00:00', { tz: 'Australia/Melbourne' }, '2026-07-01T00:00:00Z'],
    [
      'its zone, with a day padded and a month in capitals',
      ' 1-JAN-2026 11:00:00',
      melbourneOnly(),
      '2026-01-01T00:00:00Z',
    ],
    ['its zone, at midnight where there is no time', '31-Aug-2023', { tz: 'Etc/UTC' }, '2023-08-31T00:00:00Z'],
    ['its zone, with fractions of a second', '01-Jan-2026 11:00:00.123', melbourneOnly(), '2026-01-01T00:00:00Z'],
  ])('is read by %s', (_, text, attributes, instant) => {
    expect(instantOf(xml('to', text, attributes))).toEqual(at(instant));
  });

  it.each([
    ['01-Jan-2026 00:00:00', {}],
    ['soon', { tz: 'Etc/UTC' }],
    ['32-Jan-2026 00:00:00', { tz: 'Etc/UTC' }],
    ['', { millisec: '1e99', tz: 'Etc/UTC' }],
  ])('that is %s with %j is none', (text, attributes) => {
    expect(instantOf(xml('to', text, attributes))).toBeUndefined();
  });
});

it('tells its zone, if it has one', () => {
  expect(zoneOf(xml('ctime', '', { tz: 'Australia/Melbourne', 'gmt-offset': '11.0', dst: true }))).toEqual(melbourne);
  expect(zoneOf(xml('ctime', '', { 'gmt-offset': '0.0' }))).toEqual({ name: undefined, offsetHours: 0 });
  expect(zoneOf(xml('ctime'))).toBeUndefined();
  expect(zoneOf(undefined)).toBeUndefined();
});

function melbourneOnly(): Record<string, string> {
  return { tz: 'Australia/Melbourne' };
}
