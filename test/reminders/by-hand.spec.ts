// What administrators see before a run, and one reminder that they send by hand. Real PostgreSQL, real sockets, set time.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MediafluxError } from '../../src/mediaflux/index.js';
import type { SkipReason } from '../../src/reminders/eligibility.rules.js';
import { previewQuery } from '../../src/reminders/reminders-admin.service.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert, makeDelivery } from '../support/make.js';
import { SmtpScript } from '../support/smtp-script.js';
import { type Due, later, Stage } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

let database: TestDatabase;
let server: SmtpScript;
let stage: Stage;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  server = await SmtpScript.start();
  stage = new Stage(database, server.url, NOW);
});
afterEach(async () => {
  stage.transport.onApplicationShutdown();
  await server.close();
  await stage.query('delete from mail_outbox');
});

const set = (fields: string) => (due: Due) => stage.query(`update delivery set ${fields} where id = $1`, [due.id]);
const ago = (hours: number): string => `'${later(NOW, -hours).toISOString()}'`;
const reminded = async (due: Due, platformId: string): Promise<void> => {
  await stage.query(
    `with run as (
       insert into reminder_run (id, platform_id, slot, trigger, state) values (gen_random_uuid(), $2, $3, 'scheduled', 'finished')
       returning id)
     insert into reminder (id, run_id, delivery_id, state, last, message_id, sent_at, tried_at)
     select gen_random_uuid(), id, $1, 'sent', false, gen_random_uuid()::text, $3, $3 from run`,
    [due.id, platformId, later(NOW, platformId === enough ? -48 : -2)],
  );
};
let enough = '';

/** Every reason of the contract: how it comes about, and whether a person may set it aside. */
const SITUATIONS: Record<SkipReason, [boolean, (due: Due, platformId: string) => Promise<unknown>]> = {
  'not-sent': [false, set('handed_over_at = null, expires_at = null')],
  revoked: [false, set(`revoked_at = ${ago(1)}`)],
  gone: [false, set(`gone_at = ${ago(1)}`)],
  expired: [false, set(`expires_at = ${ago(0)}`)],
  accessed: [true, set(`accessed_at = ${ago(1)}`)],
  done: [true, set(`done_at = ${ago(1)}`)],
  'opted-out': [false, set(`opted_out_at = ${ago(1)}`)],
  undeliverable: [false, set(`undeliverable_at = ${ago(1)}`)],
  superseded: [
    true,
    (due, platformId) =>
      makeDelivery(database.dataSource, due.uploadId, platformId, due.personId, {
        ordinal: 1,
        handed_over_at: later(NOW, -1),
        expires_at: later(NOW, 900),
      }),
  ],
  'in-progress': [
    true,
    (due) =>
      insert(database.dataSource, 'download', {
        id: due.personId,
        delivery_id: due.id,
        state: 'started',
        started_at: later(NOW, -2),
        last_progress_at: later(NOW, -1),
      }),
  ],
  'too-young': [true, set(`handed_over_at = ${ago(1)}`)],
  'too-soon': [true, reminded],
  enough: [
    true,
    async (due, platformId) => {
      enough = platformId;
      await stage.query('update platform set reminder_maximum = 1 where id = $1', [platformId]);
      await reminded(due, platformId);
    },
  ],
};

const sentTo = (due: Due): number => server.to(due.recipient).filter((mail) => mail.isAcknowledged).length;

describe('one reminder by hand', () => {
  it('goes where the rules have nothing against it, also with reminders off', async () => {
    const platformId = await stage.makePlatform({ reminders_enabled: false });
    const due = await stage.makeDue(platformId, 100);
    await stage.admin.remind(due.id, { confirm: false });
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
  });

  const table = (Object.keys(SITUATIONS) as SkipReason[]).flatMap((reason) =>
    [false, true].map((confirm) => [reason, confirm, SITUATIONS[reason][0] && confirm] as const),
  );

  it.each(table)('of a delivery that is %s, confirmed %s: goes %s', async (reason, confirm, goes) => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 100);
    await SITUATIONS[reason][1](due, platformId);
    const before = await stage.ends(due);
    const asked = stage.admin.remind(due.id, { confirm });
    if (goes) await asked;
    else {
      const mayBeConfirmed = SITUATIONS[reason][0];
      const said = asked.then(
        () => 'it was done',
        (error: unknown) => String(error),
      );
      expect(await said).toMatch(
        reason === 'not-sent' ? /has not been handed over yet/ : new RegExp(`not to be reminded: ${reason}\\.`),
      );
      expect((await said).includes('"confirm": true')).toBe(mayBeConfirmed);
    }
    await stage.send();
    expect(sentTo(due)).toBe(goes ? 1 : 0);
    // Long afterwards the ledger tells that somebody wanted it, and the audit what was set aside.
    expect((await stage.ends(due)).slice(before.length)).toEqual(goes ? ['sent confirmed, mail sent'] : []);
    const audited = await stage.query<{ after: unknown }>(
      `select after from audit_entry where action = 'delivery.reminded' and subject_id = $1`,
      [due.id],
    );
    expect(audited.map(({ after }) => after)).toEqual(goes ? [{ runId: expect.any(String), setAside: reason }] : []);
  });

  it.each<SkipReason>(['opted-out', 'undeliverable'])(
    'of a delivery that was accessed and is %s does not go, whatever is confirmed',
    async (reason) => {
      const platformId = await stage.makePlatform();
      const due = await stage.makeDue(platformId, 100);
      await SITUATIONS.accessed[1](due, platformId);
      await SITUATIONS[reason][1](due, platformId);
      await expect(stage.admin.remind(due.id, { confirm: true })).rejects.toThrow(`not to be reminded: ${reason}.`);
    },
  );

  it.each<SkipReason>(['revoked', 'gone', 'expired', 'opted-out', 'undeliverable'])(
    'that was confirmed is held back where the delivery is %s before it goes',
    async (reason) => {
      const platformId = await stage.makePlatform();
      const due = await stage.makeDue(platformId, 100);
      await SITUATIONS.accessed[1](due, platformId);
      await stage.admin.remind(due.id, { confirm: true });
      await SITUATIONS[reason][1](due, platformId);
      await stage.send();
      expect([sentTo(due), await stage.ends(due)]).toEqual([0, [`skipped ${reason}, mail skipped`]]);
    },
  );

  it('of data that are gone is refused, and the operator is told once', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    const { personId: operator } = await stage.makeDue(await stage.makePlatform(), 1);
    await stage.query('update upload set operator_person_id = $2 where id = $1', [due.uploadId, operator]);
    stage.exists = () => false;
    for (const confirm of [false, true])
      await expect(stage.admin.remind(due.id, { confirm })).rejects.toThrow('not to be reminded: gone.');
    await stage.send();
    expect(sentTo(due)).toBe(0);
    const told = await stage.query(`select 1 from mail_outbox where kind = 'gone' and subject_id = $1`, [due.uploadId]);
    expect(told).toHaveLength(1);
  });

  it('waits for nothing where Mediaflux cannot say whether the data are there: nothing is sent, and nothing queued', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    stage.exists = () => {
      throw new MediafluxError('unreachable', 'Mediaflux cannot be reached.');
    };
    await expect(stage.admin.remind(due.id, { confirm: true })).rejects.toThrow(MediafluxError);
    stage.exists = () => true;
    expect(await stage.ends(due)).toEqual([]);
    await stage.admin.remind(due.id, { confirm: false });
    await stage.send();
    expect(sentTo(due)).toBe(1);
  });

  it('that is asked for again with the same Idempotency-Key goes once, and is refused for another body', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    for (let again = 0; again < 3; again += 1) {
      await stage.admin.remind(due.id, { confirm: true }, 'key of this call');
      await stage.send();
      stage.clock.at = later(stage.clock.at, 0.001);
    }
    expect(sentTo(due)).toBe(1);
    await expect(stage.admin.remind(due.id, { confirm: false }, 'key of this call')).rejects.toThrow('Idempotency-Key');
  });

  it('that needed no confirmation and had one is held back all the same where the data are fetched before it goes', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    await stage.admin.remind(due.id, { confirm: true });
    await SITUATIONS.accessed[1](due, '');
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped accessed, mail skipped']]);
  });

  it.each([
    ['accessed', 'accessed_at'],
    ['done', 'done_at'],
  ])(
    'that was confirmed although it was too soon is held back where it is %s before it goes',
    async (reason, column) => {
      const platformId = await stage.makePlatform();
      const due = await stage.makeDue(platformId, 100);
      await reminded(due, platformId);
      await stage.admin.remind(due.id, { confirm: true });
      stage.clock.at = later(NOW, 0.01);
      await stage.query(`update delivery set ${column} = $2 where id = $1`, [due.id, stage.clock.at]);
      await stage.send();
      expect([sentTo(due), (await stage.ends(due)).at(-1)]).toEqual([0, `skipped ${reason}, mail skipped`]);
    },
  );

  it('asked for twice at once goes once', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    await Promise.allSettled([1, 2, 3].map(() => stage.admin.remind(due.id, { confirm: false })));
    await stage.send();
    await stage.send();
    expect(sentTo(due)).toBe(1);
  });
});

describe('a preview', () => {
  const preview = (platformId: string, query: Record<string, unknown> = {}) =>
    stage.admin.preview(platformId, previewQuery.parse(query));

  it('tells the reason of every delivery that is not due', async () => {
    const platformId = await stage.makePlatform();
    const expected = new Map<string, string>();
    for (const [reason, [, happen]] of Object.entries(SITUATIONS)) {
      if (reason === 'enough') continue;
      const due = await stage.makeDue(platformId, 100);
      await happen(due, platformId);
      expected.set(due.id, reason);
      // Their runs are of one slot.
      await stage.query(`update reminder_run set slot = slot - interval '1 minute' where platform_id = $1`, [
        platformId,
      ]);
    }
    const { notDue } = await preview(platformId);
    const told = new Map(notDue.items.map(({ deliveryId, reason }) => [deliveryId, reason]));
    for (const [id, reason] of expected) expect([id, told.get(id)]).toEqual([id, reason]);
  });

  it('of a moment that has passed leaves out what happened after it; of one to come counts what has expired by then', async () => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 100);
    const columns = ['revoked_at', 'gone_at', 'accessed_at', 'done_at', 'opted_out_at', 'undeliverable_at'];
    for (const column of columns) {
      await stage.query(`update delivery set ${column} = $2 where id = $1`, [due.id, NOW]);
      const isDue = async (at: Date) => (await preview(platformId, { at: at.toISOString() })).due.items.length;
      expect([column, await isDue(later(NOW, -1)), await isDue(NOW)]).toEqual([column, 1, 0]);
      await stage.query(`update delivery set ${column} = null where id = $1`, [due.id]);
    }
    const reasonAt = async (hours: number) =>
      (await preview(platformId, { at: later(NOW, hours).toISOString() })).notDue.items[0]?.reason;
    expect([await reasonAt(-49), await reasonAt(-30), await reasonAt(99), await reasonAt(100)]).toEqual([
      'not-sent',
      'too-young',
      undefined,
      'expired',
    ]);
  });

  it('counts a reshare, a transfer and a reminder only from when they were', async () => {
    const platformId = await stage.makePlatform();
    const [reshared, fetching, told] = [
      await stage.makeDue(platformId, 100),
      await stage.makeDue(platformId, 100),
      await stage.makeDue(platformId, 100),
    ];
    await SITUATIONS.superseded[1](reshared, platformId);
    await stage.query(
      `insert into download (id, delivery_id, state, started_at, last_progress_at, ended_at)
       values (gen_random_uuid(), $1, 'failed', $2, $3, $3)`,
      [fetching.id, later(NOW, -2), later(NOW, -1)],
    );
    await reminded(told, platformId);
    const reasonsAt = async (hours: number) => {
      const { notDue } = await preview(platformId, { at: later(NOW, hours).toISOString() });
      return [reshared, fetching, told].map(
        ({ id }) => notDue.items.find(({ deliveryId }) => deliveryId === id)?.reason ?? 'due',
      );
    };
    expect(await reasonsAt(-3)).toEqual(['due', 'due', 'due']);
    expect(await reasonsAt(-1.5)).toEqual(['due', 'in-progress', 'too-soon']);
    expect(await reasonsAt(0)).toEqual(['superseded', 'due', 'too-soon']);
  });

  it('pages both lists, each by its own cursor', async () => {
    const platformId = await stage.makePlatform();
    const [due, others] = [new Set<string>(), new Set<string>()];
    for (let number = 0; number < 12; number += 1) {
      const { id } = await stage.makeDue(platformId, 100, number % 3 === 0 ? { revoked_at: NOW } : {});
      (number % 3 === 0 ? others : due).add(id);
    }
    const walk = async (list: 'due' | 'notDue'): Promise<string[]> => {
      const seen: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await preview(platformId, { limit: 3, ...(cursor ? { cursor } : {}) });
        seen.push(...page[list].items.map(({ deliveryId }) => deliveryId));
        cursor = page[list].nextCursor;
      } while (cursor !== null);
      return seen;
    };
    expect([await walk('due'), await walk('notDue')]).toEqual([[...due].sort(), [...others].sort()]);
  });

  it('tells when each mail would go: after the quiet hours, but before its links end', async () => {
    const platformId = await stage.makePlatform({
      reminder_quiet_hours: { from: '22:00', to: '07:00' },
      reminder_closed_days: { weekdays: ['saturday'], dates: [] },
    });
    const lasting = await stage.makeDue(platformId, 100);
    const short = await stage.makeDue(platformId, 12);
    const shortest = await stage.makeDue(platformId, 3);
    const { due } = await preview(platformId);
    const goesAt = new Map(due.items.map((item) => [item.deliveryId, item.goesAt]));
    expect([lasting, short, shortest].map(({ id }) => new Date(goesAt.get(id) ?? '').toISOString())).toEqual([
      '2025-03-09T07:00:00.000Z',
      '2025-03-08T07:00:00.000Z',
      '2025-03-08T00:00:00.000Z',
    ]);
  });
});
