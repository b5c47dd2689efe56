// What happens between the choice of a reminder and its hand-over counts, to the last moment; nothing goes late, twice,
// or to somebody who has the data. Real PostgreSQL, real sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { markDelivery } from '../../src/deliveries/index.js';
import { makeDelivery } from '../support/make.js';
import { until } from '../support/wait.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
let platformId: string;
beforeEach(async () => {
  platformId = await stage.makePlatform();
});

const access = (delivery: Due): Promise<unknown> =>
  stage.query('update delivery set accessed_at = $2 where id = $1', [delivery.id, stage.clock.at]);

describe('between the choice and the hand-over', () => {
  it('nothing happens, and the reminder goes once, with its record', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId);
    await stage.send();
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
    const [record] = await stage.query<{ sent_at: Date; tried_at: Date }>(
      'select sent_at, tried_at from reminder where delivery_id = $1',
      [due.id],
    );
    expect(record).toEqual({ sent_at: NOW, tried_at: NOW });
  });

  it.each<[string, string, (due: Due) => Promise<unknown>]>([
    ['the data are accessed', 'accessed', access],
    [
      'the delivery is revoked',
      'revoked',
      (due) => stage.query('update delivery set revoked_at = $2 where id = $1', [due.id, NOW]),
    ],
    [
      'the person has what they need',
      'done',
      (due) => markDelivery(stage.database.dataSource.manager, due.id, 'done_at', NOW),
    ],
    [
      'reminders are switched off',
      'reminders-off',
      () => stage.query('update platform set reminders_enabled = false where id = $1', [platformId]),
    ],
    [
      'a reshare is handed over that ends later',
      'superseded',
      (due) =>
        makeDelivery(stage.database.dataSource, due.uploadId, platformId, due.personId, {
          ordinal: 1,
          handed_over_at: NOW,
          expires_at: later(NOW, 100),
        }),
    ],
  ])('%s: it is closed as %s, and others go', async (_, reason, happen) => {
    const [due, other] = [await stage.makeDue(platformId), await stage.makeDue(platformId)];
    await stage.select(platformId);
    await happen(due);
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, [`skipped ${reason}, mail skipped`]]);
    expect(stage.sentTo(other)).toBe(reason === 'reminders-off' ? 0 : 1);
  });

  it('a reminder that has ended is not sent, whatever its mail says', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId);
    await stage.query(`update reminder set state = 'skipped', reason = 'newer-run' where delivery_id = $1`, [due.id]);
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped newer-run, mail skipped']]);
  });

  it('reminders are switched off: one by hand goes all the same', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId, 'by-hand');
    await stage.query('update platform set reminders_enabled = false where id = $1', [platformId]);
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });

  it('an access that is being recorded at that very moment counts', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId);
    const recording = stage.database.dataSource.createQueryRunner();
    await recording.startTransaction();
    await recording.query('update delivery set accessed_at = $2 where id = $1', [due.id, NOW]);
    const sending = stage.send();
    await until('the check waits for the delivery', async () => {
      const waiting = await stage.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%for no key update of d%'`,
      );
      return waiting.length > 0 ? true : undefined;
    });
    await recording.commitTransaction();
    await recording.release();
    await sending;
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped accessed, mail skipped']]);
  });

  it('the links are extended: the reminder goes although its mail waited beyond the former expiry', async () => {
    const due = await stage.makeDue(platformId, 10);
    await stage.select(platformId);
    await stage.deliveries.extend(stage.database.dataSource.manager, due.id, 'P30D', later(NOW, 30 * 24));
    stage.clock.at = later(NOW, 11);
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
  });

  it('the links are shortened: nothing goes after the new expiry', async () => {
    const due = await stage.makeDue(platformId, 100);
    await stage.select(platformId);
    await stage.deliveries.extend(stage.database.dataSource.manager, due.id, 'PT1H', later(NOW, 1));
    stage.clock.at = later(NOW, 1);
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped expired, mail skipped']]);
  });
});

it('a person whom two runs chose at the same moment is reminded once, whichever workers send', async () => {
  const due = await stage.makeDue(platformId, 200);
  await stage.select(platformId);
  await stage.query(`update reminder_run set state = 'pending' where platform_id = $1`, [platformId]);
  stage.clock.at = later(NOW, 0.01);
  await stage.select(platformId, 'by-hand');
  expect(await stage.ends(due)).toHaveLength(2);
  const other = stage.another();
  await Promise.all([stage.send(), other.send()]);
  other.transport.onApplicationShutdown();
  expect([stage.sentTo(due), (await stage.ends(due)).filter((end) => end.startsWith('sent'))]).toEqual([
    1,
    ['sent, mail sent'],
  ]);
});
