import { expect, it } from '@jest/globals';
import { nextSlot } from '../../schedule/index.js';
import { usualSchedule } from './usual-schedule.rules.js';

const DAY = 86_400_000;

it.each([
  [30, '0 9 * * 1'],
  [25, '0 9 * * 1'],
  [24, '0 9 * * 1,4'],
  [9, '0 9 * * 1,4'],
  [8, '0 9 * * 1,3,5'],
  [4, '0 9 * * *'],
  [1 / 24, '0 9 * * *'],
])('is, for links that live %f days, %s', (days, schedule) => {
  expect(usualSchedule(days * DAY)).toBe(schedule);
});

it('comes between the minimum age and the end of all links that live two days or more', () => {
  for (let days = 2; days <= 60; days += 0.5)
    for (let hour = 0; hour < 7 * 24; hour += 1) {
      const sentAt = Date.UTC(2026, 2, 1, hour);
      const slot = nextSlot({ schedule: usualSchedule(days * DAY), timeZone: 'UTC' }, new Date(sentAt + DAY - 1));
      expect(slot && slot.getTime() < sentAt + days * DAY).toBe(true);
    }
});
