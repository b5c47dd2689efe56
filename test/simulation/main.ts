// `npm run simulate -- --seed N [--platforms N --deliveries N --days N]`: two simulated years of reminders.

import { Logger } from '@nestjs/common';
import { parseArgs } from 'node:util';
import { cloneDatabase } from '../support/clone.js';
import setup from '../support/global-setup.js';
import teardown from '../support/global-teardown.js';
import { simulate } from './world.js';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string' },
    platforms: { type: 'string', default: '20' },
    deliveries: { type: 'string', default: '100000' },
    days: { type: 'string', default: '730' },
    'quiet-times': { type: 'boolean', default: true },
  },
});
const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, such as 7.`);
  return value;
};
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const size = {
    platforms: whole('platforms', values.platforms),
    deliveries: whole('deliveries', values.deliveries),
    days: whole('days', values.days),
    hasQuietTimes: values['quiet-times'],
  };
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) + 1 : whole('seed', values.seed);
  Logger.overrideLogger(false);
  say(`Seed ${seed}: ${size.platforms} platforms, ${size.deliveries} deliveries, ${size.days} days.`);
  await setup();
  try {
    const started = performance.now();
    const { failures, seen } = await simulate({ ...size, seed, databaseUrl: await cloneDatabase(), say });
    for (const [what, count] of Object.entries(seen)) say(`${String(count).padStart(9)}  ${what}`);
    say(
      failures.length === 0
        ? `All held, after ${Math.round((performance.now() - started) / 1_000)} s. Seed ${seed}.`
        : `\n${failures.length} failures. Repeat with --seed ${seed} --platforms ${size.platforms} --deliveries ${size.deliveries} --days ${size.days}.`,
    );
    process.exitCode = failures.length === 0 ? 0 : 1;
  } finally {
    await teardown();
  }
}

await main();
