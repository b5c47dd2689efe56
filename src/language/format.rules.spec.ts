import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { momentParts } from './format.rules.js';
import { factsOf, LANGUAGES } from './languages.js';

const ZONES = [
  'UTC',
  'Australia/Melbourne',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'Pacific/Apia',
];

it('writes every moment as Luxon does, in every language and zone', () => {
  const moment = fc.date({
    min: new Date('1990-01-01T00:00:00Z'),
    max: new Date('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, fc.constantFrom(...LANGUAGES), fc.constantFrom(...ZONES), (instant, language, zone) => {
      const facts = factsOf(language);
      const local = DateTime.fromJSDate(instant, { zone });
      const pattern =
        local.day === 1 ? facts.datePattern.replace(/\bd\b/, `'${facts.firstOfMonth ?? '1'}'`) : facts.datePattern;
      const offset = local.offset === 0 ? 'UTC' : `UTC${local.toFormat(local.offset % 60 === 0 ? 'Z' : 'ZZ')}`;
      expect(momentParts(facts, instant, zone)).toEqual({
        date: local.setLocale(facts.locale).toFormat(pattern),
        time: local.toFormat('HH:mm'),
        zone: offset === zone ? zone : `${offset}, ${zone}`,
      });
    }),
    { numRuns: 3_000 },
  );
});

it.each([
  // Clocks go from 01:59 to 03:00, and from 02:59 back to 02:00.
  ['2026-10-03T15:59:59.999Z', '01:59', 'UTC+10'],
  ['2026-10-03T16:00:00.000Z', '03:00', 'UTC+11'],
  ['2026-04-04T15:59:59.999Z', '02:59', 'UTC+11'],
  ['2026-04-04T16:00:00.000Z', '02:00', 'UTC+10'],
])('tells apart the hours at which clocks change: %s', (instant, time, offset) => {
  expect(momentParts(factsOf('en'), new Date(instant), 'Australia/Melbourne')).toMatchObject({
    time,
    zone: `${offset}, Australia/Melbourne`,
  });
});
