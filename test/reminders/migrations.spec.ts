// Databases of versions before: what was in force there is the first version of each platform's policy, and a reminder
// that was confirmed and waits goes as it would have.

import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { findPlatform } from '../../src/platforms/platform.js';
import { policyOf } from '../../src/platforms/reminder-policy/reminder-policy.js';
import { formerDatabase } from '../support/former-database.js';
import { insert, makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';

it('keeps what was in force as version 1, to be sealed', () =>
  formerDatabase('ReminderPolicies1764000000013', async ({ dataSource, migrate }) => {
    const platformId = await makePlatform(dataSource, { time_zone: 'Asia/Kolkata', reminder_maximum: 3 });

    await migrate();

    const platform = await findPlatform(dataSource.manager, platformId);
    if (!platform) throw new Error('The platform is gone.');
    // Versions of before the language was one of the policy's parts do not tell it.
    const { language: _, ...kept } = policyOf(platform);
    expect(
      await dataSource.query('select platform_id, version, actor, before, after from reminder_policy_version'),
    ).toEqual([{ platform_id: platformId, version: 1, actor: 'server', before: null, after: kept }]);
    expect(platform.reminderPolicyVersion).toBe(1);
    expect(await dataSource.query('select kind from unsealed_entry where chain = $1', [platformId])).toEqual([
      { kind: 'reminder-policy-version' },
    ]);
  }));

it('knows of a confirmed reminder that waits what was known by then, and of no other', () =>
  formerDatabase('Confirmations1764000000039', async ({ dataSource, migrate }) => {
    const at = new Date('2025-03-08T00:00:00.000Z');
    const platformId = await makePlatform(dataSource);
    const deliveryId = await makeDelivery(
      dataSource,
      await makeUpload(dataSource, platformId),
      platformId,
      await makePerson(dataSource),
      { handed_over_at: at, expires_at: new Date(at.getTime() + 86_400_000), done_at: at },
    );
    const eventId = randomUUID();
    await insert(dataSource, 'access_event', {
      id: eventId,
      delivery_id: deliveryId,
      platform_id: platformId,
      method: 'direct',
      phase: 'attempted',
      counts: true,
      at,
    });
    for (const [minute, state, reason] of [
      [1, 'pending', 'confirmed'],
      [2, 'pending', null],
      [3, 'failed', 'confirmed'],
    ] as const) {
      const runId = randomUUID();
      const slot = new Date(at.getTime() + minute * 60_000);
      await insert(dataSource, 'reminder_run', {
        id: runId,
        platform_id: platformId,
        slot,
        trigger: 'by-hand',
        state: 'sending',
      });
      await insert(dataSource, 'reminder', {
        id: randomUUID(),
        run_id: runId,
        delivery_id: deliveryId,
        state,
        reason,
        last: false,
        message_id: runId,
      });
    }

    await migrate();

    const kept = await dataSource.query<{ known: unknown; doneAt: Date | null }[]>(
      `select r.confirmation - 'doneAt' as known, (r.confirmation ->> 'doneAt')::timestamptz as "doneAt"
         from reminder r
         join reminder_run n on n.id = r.run_id
        order by n.slot`,
    );
    const nothing = { known: null, doneAt: null };
    expect(kept).toEqual([
      {
        known: { setAside: expect.arrayContaining(['accessed', 'done', 'too-soon']), accesses: [eventId] },
        doneAt: at,
      },
      nothing,
      nothing,
    ]);
  }));

it('tells of runs that had ended early why, and of no other', () =>
  formerDatabase('RunEndReasons1764000000040', async ({ dataSource, migrate }) => {
    const platformId = await makePlatform(dataSource);
    for (const [minute, state] of ['superseded', 'cancelled', 'finished', 'selecting'].entries())
      await insert(dataSource, 'reminder_run', {
        id: randomUUID(),
        platform_id: platformId,
        slot: new Date(Date.UTC(2025, 2, 8, 0, minute)),
        trigger: 'scheduled',
        state,
      });

    await migrate();

    expect(await dataSource.query('select state, end_reason as why from reminder_run order by slot')).toEqual([
      { state: 'superseded', why: 'next-slot' },
      { state: 'cancelled', why: 'reminders-off' },
      { state: 'finished', why: null },
      { state: 'selecting', why: null },
    ]);
  }));
