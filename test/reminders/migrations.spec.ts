// A database of the version before: what was in force there is the first version of each platform's policy.

import { expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/index.js';
import { findPlatform } from '../../src/platforms/platform.js';
import { policyOf } from '../../src/platforms/reminder-policy/reminder-policy.js';
import { makePlatform } from '../support/make.js';

const NAME = 'ReminderPolicies1764000000013';

it('keeps what was in force as version 1, to be sealed', async () => {
  const cluster = process.env['TEST_POSTGRES'] ?? '';
  const name = `t_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  const all = createDataSource(url.href, 2).options.migrations as { name: string }[];
  const before = await new DataSource({
    type: 'postgres',
    url: url.href,
    migrations: all.filter((migration) => Number(migration.name.slice(-13)) < Number(NAME.slice(-13))) as never,
    migrationsTableName: 'migration',
  }).initialize();
  try {
    await before.runMigrations({ transaction: 'each' });
    const platformId = await makePlatform(before, { time_zone: 'Asia/Kolkata', reminder_maximum: 3 });

    await migrate(url.href);

    const platform = await findPlatform(before.manager, platformId);
    if (!platform) throw new Error('The platform is gone.');
    // Versions of before the language was one of the policy's parts do not tell it.
    const { language: _, ...kept } = policyOf(platform);
    expect(
      await before.query('select platform_id, version, actor, before, after from reminder_policy_version'),
    ).toEqual([{ platform_id: platformId, version: 1, actor: 'server', before: null, after: kept }]);
    expect(platform.reminderPolicyVersion).toBe(1);
    expect(await before.query('select kind from unsealed_entry where chain = $1', [platformId])).toEqual([
      { kind: 'reminder-policy-version' },
    ]);
  } finally {
    await before.destroy();
  }
});
