// Weeks of reminders in virtual time, with everything that can happen in between: nothing wrong leaves, nobody due is left
// out. The large one is `npm run simulate -- --seed N`.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { cloneDatabase } from '../support/clone.js';
import { type Result, simulate } from './world.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const SIZE = LONG ? { platforms: 6, deliveries: 2_000, days: 180 } : { platforms: 3, deliveries: 300, days: 56 };

/** With what is to be seen in each; a seed that shows a fault stays here, with the fault. */
const SEEDS: readonly [number, string, string][] = [
  [2, 'reminders switched off while mails wait', 'ended skipped (reminders-off)'],
  [3, 'mails that wait when quiet hours begin', 'mails that waited when quiet times began'],
  // It showed mails that went when reminders were on again. How many wait at that moment changes with the machine's pace;
  // test/reminders/switched-off.spec.ts says it of one.
  [36, 'policies that change, reminders switched off and on again among them', 'policy changed'],
  [9, 'runs that were missed, and several deliveries in one mail', 'mails about several'],
];

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('weeks of reminders, with servers that die, a queue that is lost, and people', () => {
  it.each(SEEDS)(
    'send nothing wrong and leave nobody out: seed %i, %s',
    async (seed, _, shown) => {
      const databaseUrl = await cloneDatabase();
      const { failures, seen }: Result = await simulate({ ...SIZE, hasQuietTimes: true, seed, databaseUrl });
      expect(failures).toEqual([]);
      // Otherwise nothing was shown.
      const wanted = [
        shown,
        'mails that left',
        'notices',
        'deliveries due through a window',
        'windows judged',
        'servers that died',
      ];
      expect(wanted.filter((what) => (seen[what] ?? 0) === 0)).toEqual([]);
    },
    LONG ? 1_800_000 : 300_000,
  );
});
