// Weeks of reminders in virtual time, with everything that can happen in between: nothing wrong leaves, nobody due is left
// out. The large one is `npm run simulate -- --seed N`.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { cloneDatabase } from '../support/clone.js';
import { simulate } from './world.js';

const SIZE = { platforms: 3, deliveries: 300, days: 56, hasQuietTimes: false };
const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;

/** Seeds that once showed a fault, each with the fault. */
const FOUND: readonly [number, string][] = [];

beforeAll(() => Logger.overrideLogger(false));

describe('a simulated time', () => {
  it.each([[1], [2], [3]])('with seed %i goes by without a wrong reminder or a missing one', async (seed) => {
    const { failures, seen } = await simulate({ ...SIZE, seed, databaseUrl: await cloneDatabase() });
    expect(failures).toEqual([]);
    expect(seen['mails that left']).toBeGreaterThan(20);
    expect(seen['deliveries due through a window']).toBeGreaterThan(20);
  });
});
