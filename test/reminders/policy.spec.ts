// The reminder policy of a platform, as administrators set it and see it.

import { describe, expect, it } from '@jest/globals';
import { PROJECT } from '../support/api.js';
import { makePlatform } from '../support/instrument.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const stage = stageOf();

interface Policy {
  enabled: boolean;
  schedule: string;
  timeZone: string;
  [name: string]: unknown;
}

interface Versions {
  items: { version: number; at: string; actor: string; before: Policy | null; after: Policy }[];
  nextCursor: string | null;
}

interface PlatformAnswer {
  reminders: Record<string, unknown>;
  reminderPolicyVersion: number;
  warnings: string[];
}

const change = (platformId: string, body: unknown) =>
  stage.program.admin.expect<PlatformAnswer>(200, 'PATCH', `/api/v1/admin/platforms/${platformId}`, body);
const versions = (platformId: string, query = '') =>
  stage.program.admin.expect<Versions>(200, 'GET', `/api/v1/admin/platforms/${platformId}/reminders/policy${query}`);

const asMade = {
  timeZone: 'Australia/Melbourne',
  language: 'en',
  enabled: false,
  schedule: '0 9 * * 1',
  minimumAge: 'PT24H',
  minimumSpacing: 'PT24H',
  maxReminders: null,
  operatorNotice: 'none',
  noticeForm: 'run',
  digest: false,
  quietHours: null,
  closedDays: null,
};

describe('versions of the policy', () => {
  it('tell who set what and when, with what was before, newest first', async () => {
    const platformId = await makePlatform(stage.program);
    expect(await versions(platformId)).toEqual({
      items: [{ version: 1, at: expect.any(String), actor: 'admin', before: null, after: asMade }],
      nextCursor: null,
    });
    const quietHours = { from: '22:00', to: '07:00' };
    const changed = await change(platformId, { reminders: { enabled: true, quietHours } });
    expect(changed.reminderPolicyVersion).toBe(2);
    const { items } = await versions(platformId);
    expect(items.map(({ version }) => version)).toEqual([2, 1]);
    expect(items[0]?.before).toEqual(asMade);
    expect(items[0]?.after).toEqual({ ...asMade, enabled: true, quietHours });
    expect(items[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d$/);
  });

  it('are made by a change of the language, in which reminders are written to whoever has chosen none', async () => {
    const platformId = await makePlatform(stage.program);
    await change(platformId, { language: 'de' });
    const { items } = await versions(platformId);
    expect(items[0]).toMatchObject({
      version: 2,
      actor: 'admin',
      before: asMade,
      after: { ...asMade, language: 'de' },
    });
    await change(platformId, { language: 'de' });
    expect((await versions(platformId)).items).toHaveLength(2);
  });

  it('are made by a change of the zone, and by nothing that changes no part of the policy', async () => {
    const platformId = await makePlatform(stage.program);
    await change(platformId, { timeZone: 'Asia/Kolkata' });
    expect((await versions(platformId)).items[0]).toMatchObject({ version: 2, after: { timeZone: 'Asia/Kolkata' } });
    for (const body of [
      {},
      { reminders: {} },
      { reminders: { enabled: false, schedule: ' 0 9 * * 1 ', quietHours: null, closedDays: { weekdays: [] } } },
      { timeZone: 'Asia/Kolkata' },
      { linkLifetime: 'P31D', name: 'Renamed' },
    ])
      expect((await change(platformId, body)).reminderPolicyVersion).toBe(2);
    expect((await versions(platformId)).items).toHaveLength(2);
  });

  it('are one for each of many changes at once, each following from the one before', async () => {
    const platformId = await makePlatform(stage.program);
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => change(platformId, { reminders: { maxReminders: index + 1 } })),
    );
    const { items } = await versions(platformId);
    expect(items.map(({ version }) => version)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    for (const [index, { before }] of items.slice(0, -1).entries()) expect(before).toEqual(items[index + 1]?.after);
  });

  it('are listed in pages', async () => {
    const platformId = await makePlatform(stage.program);
    for (const maxReminders of [1, 2, 3, 4]) await change(platformId, { reminders: { maxReminders } });
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Versions = await versions(platformId, `?limit=2&cursor=${cursor}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ version }) => version));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    expect(
      (await stage.program.admin.call('GET', `/api/v1/admin/platforms/${platformId}x/reminders/policy`)).status,
    ).toBe(404);
    const wrong = await stage.program.admin.call(
      'GET',
      `/api/v1/admin/platforms/${platformId}/reminders/policy?cursor=x`,
    );
    expect(wrong.status).toBe(400);
  });

  it('cannot be changed or removed, and are sealed in the platform’s chain', async () => {
    const platformId = await makePlatform(stage.program);
    await expect(stage.database.query('update reminder_policy_version set actor = $1', ['nobody'])).rejects.toThrow();
    await expect(stage.database.query('delete from reminder_policy_version')).rejects.toThrow();
    await until('the version being sealed', async () => {
      const { rows } = await stage.database.query<{ kind: string }>('select kind from chain_seal where chain = $1', [
        platformId,
      ]);
      return rows.some(({ kind }) => kind === 'reminder-policy-version') || undefined;
    });
    const report = await stage.program.admin.expect<{ chains: { ok: boolean }[] }>(
      200,
      'GET',
      `/api/v1/admin/audit/verify?chain=${platformId}`,
    );
    expect(report.chains.map(({ ok }) => ok)).toEqual([true]);
  });
});

describe('settings of reminders', () => {
  it('may be named some at a time; the others stay', async () => {
    const closedDays = { weekdays: ['sunday', 'saturday', 'sunday'], dates: ['12-25', '2026-04-03', '12-25'] };
    const platformId = await makePlatform(stage.program, {
      reminders: { closedDays, noticeForm: 'reminder', digest: true },
    });
    const { reminders } = await change(platformId, { reminders: { minimumSpacing: 'P2D' } });
    const { timeZone: _, language: __, ...others } = asMade;
    expect(reminders).toEqual({
      ...others,
      minimumSpacing: 'P2D',
      noticeForm: 'reminder',
      digest: true,
      closedDays: { weekdays: ['sunday', 'saturday'], dates: ['12-25', '2026-04-03'] },
    });
  });

  it.each([
    [{ colour: 'red' }, 'reminders.colour'],
    [{ quietHours: { from: '22:00' } }, 'reminders.quietHours.to'],
    [{ quietHours: { from: '22:00', to: '24:00' } }, 'reminders.quietHours.to'],
    [{ quietHours: { from: '07:00', to: '07:00' } }, 'reminders.quietHours.to'],
    [{ quietHours: { from: '22:00', to: '07:00', zone: 'UTC' } }, 'reminders.quietHours.zone'],
    [{ closedDays: { weekdays: ['caturday'] } }, 'reminders.closedDays.weekdays[0]'],
    [{ closedDays: { dates: ['2026-02-29'] } }, 'reminders.closedDays.dates[0]'],
    [{ closedDays: { dates: ['25-12'] } }, 'reminders.closedDays.dates[0]'],
    [{ noticeForm: 'letter' }, 'reminders.noticeForm'],
    [{ digest: 'yes' }, 'reminders.digest'],
    [{ enabledAt: null }, 'reminders.enabledAt'],
    [{ schedule: '0 0 31 2 *' }, 'reminders.schedule'],
  ])('are refused by name: %j', async (reminders, path) => {
    const platformId = await makePlatform(stage.program);
    for (const [method, address, body] of [
      ['PATCH', `/api/v1/admin/platforms/${platformId}`, { reminders }],
      [
        'POST',
        '/api/v1/admin/platforms',
        { name: 'M', namespace: PROJECT, contact: { name: 'D', email: 'd@example.org' }, reminders },
      ],
    ] as const) {
      const answer = await stage.program.admin.call<{ errors: { path: string }[] }>(method, address, body);
      expect([answer.status, answer.body.errors.map((error) => error.path)]).toEqual([422, [path]]);
    }
    expect((await versions(platformId)).items).toHaveLength(1);
  });

  it('take the 29th of February as a date of every year', async () => {
    const platformId = await makePlatform(stage.program);
    const { reminders } = await change(platformId, { reminders: { closedDays: { dates: ['02-29'] } } });
    expect(reminders['closedDays']).toEqual({ weekdays: [], dates: ['02-29'] });
  });

  it('that are legal and look wrong get a warning, once reminders are on', async () => {
    const reminders = { schedule: '0 5 * * 1', quietHours: { from: '22:00', to: '07:00' } };
    const platformId = await makePlatform(stage.program, { reminders });
    const { warnings } = await change(platformId, { reminders: { enabled: true } });
    expect(warnings).toEqual([
      expect.stringMatching(/^Every run falls into the quiet hours: the reminders of .*T05:00/),
    ]);
  });

  it('are in the description of the API', async () => {
    const answer = await stage.program.admin.expect<{
      components: { schemas: Record<string, { properties: object }> };
    }>(200, 'GET', '/api/openapi.json');
    const { ReminderPolicy, ChangePlatform } = answer.components.schemas;
    expect(Object.keys(ReminderPolicy?.properties ?? {}).sort()).toEqual(Object.keys(asMade).sort());
    expect(JSON.stringify(ChangePlatform)).toContain('Local times between which no reminder is sent');
  });
});

describe('a new schedule', () => {
  it('makes no run for its slots from before it was set', async () => {
    const platformId = await makePlatform(stage.program, { reminders: { enabled: true, schedule: '0 0 1 1 *' } });
    // Reminders have been on for long by now.
    await stage.database.query(`update platform set reminders_enabled_at = now() - interval '5 years' where id = $1`, [
      platformId,
    ]);
    await until('the run of the New Year', async () => (await runsOf(platformId)).length === 1 || undefined);
    await change(platformId, { reminders: { schedule: '0 0 * * *' } });
    // One that fires each second shows that the sweep has been by since.
    const other = await makePlatform(stage.program, { reminders: { enabled: true, schedule: '* * * * * *' } });
    await until('runs of another platform', async () => (await runsOf(other)).length > 3 || undefined);
    expect(await runsOf(platformId)).toHaveLength(1);
    await change(platformId, { reminders: { schedule: '* * * * * *' } });
    await until('runs by the new schedule', async () => (await runsOf(platformId)).length > 2 || undefined);
  });

  it('that the queue cannot read has its runs all the same, and keeps no other platform from its own', async () => {
    const both = await makePlatform(stage.program, { reminders: { enabled: true, schedule: '* * * 1-31 * +0-6' } });
    const other = await makePlatform(stage.program, { reminders: { enabled: true, schedule: '*/2 * * * * *' } });
    for (const platformId of [both, other])
      await until('runs', async () => (await runsOf(platformId)).length > 1 || undefined);
    expect(stage.program.output).not.toMatch(/takes effect with the next sweep/);
  });
});

async function runsOf(platformId: string): Promise<{ id: string }[]> {
  const { rows } = await stage.database.query<{ id: string }>('select id from reminder_run where platform_id = $1', [
    platformId,
  ]);
  return rows;
}
