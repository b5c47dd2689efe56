// A database of the version before: what was in force there is the first version of each platform's policy.

import { expect, it } from '@jest/globals';
import { migrate } from '../../src/database/index.js';
import { findPlatform } from '../../src/platforms/platform.js';
import { policyOf } from '../../src/platforms/reminder-policy/reminder-policy.js';
import { databaseBefore } from '../support/former-database.js';
import { makePlatform } from '../support/make.js';

it('keeps what was in force as version 1, to be sealed', async () => {
  const { url, dataSource: before } = await databaseBefore('ReminderPolicies1764000000013');
  try {
    const platformId = await makePlatform(before, { time_zone: 'Asia/Kolkata', reminder_maximum: 3 });

    await migrate(url);

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
