// One reminder that administrators send by hand. Real PostgreSQL, real sockets, set time.

import { describe, expect, it } from '@jest/globals';
import { MediafluxError } from '../../src/mediaflux/index.js';
import type { SkipReason } from '../../src/reminders/eligibility.rules.js';
import { situationsOf } from './situations.js';
import { later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
const { SITUATIONS, reminded } = situationsOf(stage, NOW);

describe('one reminder by hand', () => {
  it('goes where the rules have nothing against it, also with reminders off', async () => {
    const platformId = await stage.makePlatform({ reminders_enabled: false });
    const due = await stage.makeDue(platformId, 100);
    await stage.byHand.run(due.id, { confirm: false });
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
  });

  const table = (Object.keys(SITUATIONS) as SkipReason[]).flatMap((reason) =>
    [false, true].map((confirm) => [reason, confirm, SITUATIONS[reason][0] && confirm] as const),
  );

  it.each(table)('of a delivery that is %s, confirmed %s: goes %s', async (reason, confirm, goes) => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 100);
    await SITUATIONS[reason][1](due, platformId);
    const before = await stage.ends(due);
    const asked = stage.byHand.run(due.id, { confirm });
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
    expect(stage.sentTo(due)).toBe(goes ? 1 : 0);
    // Long afterwards the ledger tells that somebody wanted it, and the audit what was set aside.
    expect((await stage.ends(due)).slice(before.length)).toEqual(goes ? ['sent confirmed, mail sent'] : []);
    const audited = await stage.query<{ after: unknown }>(
      `select after from audit_entry where action = 'delivery.reminded' and subject_id = $1`,
      [due.id],
    );
    expect(audited.map(({ after }) => after)).toEqual(goes ? [{ runId: expect.any(String), setAside: [reason] }] : []);
  });

  it.each<SkipReason>(['opted-out', 'undeliverable'])(
    'of a delivery that was accessed and is %s does not go, whatever is confirmed',
    async (reason) => {
      const platformId = await stage.makePlatform();
      const due = await stage.makeDue(platformId, 100);
      await SITUATIONS.accessed[1](due, platformId);
      await SITUATIONS[reason][1](due, platformId);
      await expect(stage.byHand.run(due.id, { confirm: true })).rejects.toThrow(`not to be reminded: ${reason}.`);
    },
  );

  it.each<SkipReason>(['revoked', 'gone', 'expired', 'opted-out', 'undeliverable'])(
    'that was confirmed is held back where the delivery is %s before it goes',
    async (reason) => {
      const platformId = await stage.makePlatform();
      const due = await stage.makeDue(platformId, 100);
      await SITUATIONS.accessed[1](due, platformId);
      await stage.byHand.run(due.id, { confirm: true });
      await SITUATIONS[reason][1](due, platformId);
      await stage.send();
      expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, [`skipped ${reason}, mail skipped`]]);
    },
  );

  it('of data that are gone is refused, and the operator is told once', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    const { personId: operator } = await stage.makeDue(await stage.makePlatform(), 1);
    await stage.query('update upload set operator_person_id = $2 where id = $1', [due.uploadId, operator]);
    stage.exists = () => false;
    for (const confirm of [false, true])
      await expect(stage.byHand.run(due.id, { confirm })).rejects.toThrow('not to be reminded: gone.');
    await stage.send();
    expect(stage.sentTo(due)).toBe(0);
    const told = await stage.query(`select 1 from mail_outbox where kind = 'gone' and subject_id = $1`, [due.uploadId]);
    expect(told).toHaveLength(1);
  });

  it('waits for nothing where Mediaflux cannot say whether the data are there: nothing is sent, and nothing queued', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    stage.exists = () => {
      throw new MediafluxError('unreachable', 'Mediaflux cannot be reached.');
    };
    await expect(stage.byHand.run(due.id, { confirm: true })).rejects.toThrow(MediafluxError);
    stage.exists = () => true;
    expect(await stage.ends(due)).toEqual([]);
    await stage.byHand.run(due.id, { confirm: false });
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });

  it('that is asked for again with the same Idempotency-Key goes once, and is refused for another body', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    for (let again = 0; again < 3; again += 1) {
      await stage.byHand.run(due.id, { confirm: true }, 'key of this call');
      await stage.send();
      stage.clock.at = later(stage.clock.at, 0.001);
    }
    expect(stage.sentTo(due)).toBe(1);
    await expect(stage.byHand.run(due.id, { confirm: false }, 'key of this call')).rejects.toThrow('Idempotency-Key');
  });

  it('that needed no confirmation and had one is held back all the same where the data are fetched before it goes', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    await stage.byHand.run(due.id, { confirm: true });
    await SITUATIONS.accessed[1](due, '');
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped accessed, mail skipped']]);
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
      await stage.byHand.run(due.id, { confirm: true });
      stage.clock.at = later(NOW, 0.01);
      await stage.query(`update delivery set ${column} = $2 where id = $1`, [due.id, stage.clock.at]);
      await stage.send();
      expect([stage.sentTo(due), (await stage.ends(due)).at(-1)]).toEqual([0, `skipped ${reason}, mail skipped`]);
    },
  );

  it('names all that is against it, which is all that a confirmation sets aside', async () => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 100);
    await SITUATIONS.accessed[1](due, platformId);
    await reminded(due, platformId);
    await expect(stage.byHand.run(due.id, { confirm: false })).rejects.toThrow(
      'not to be reminded: accessed, too-soon. Send {"confirm": true}',
    );
    await stage.byHand.run(due.id, { confirm: true });
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });

  it('is refused to nobody because others are asked for at the same moment', async () => {
    const platformId = await stage.makePlatform();
    const all = await Promise.all(Array.from({ length: 6 }, () => stage.makeDue(platformId, 100)));
    await Promise.all(all.map(({ id }) => stage.byHand.run(id, { confirm: false })));
    await stage.send();
    expect(all.map((due) => stage.sentTo(due))).toEqual(all.map(() => 1));
  });

  it('goes also where a run of a server whose clock is ahead has reminded of it just before', async () => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 100);
    stage.clock.at = later(NOW, 20 / 3_600);
    await stage.select(platformId);
    await stage.send();
    stage.clock.at = later(NOW, 5 / 3_600);
    await stage.byHand.run(due.id, { confirm: true });
    await stage.send();
    expect([stage.sentTo(due), (await stage.ends(due)).at(-1)]).toEqual([2, 'sent confirmed, mail sent']);
  });

  it('asked for twice at once goes once', async () => {
    const due = await stage.makeDue(await stage.makePlatform(), 100);
    await Promise.allSettled([1, 2, 3].map(() => stage.byHand.run(due.id, { confirm: false })));
    await stage.send();
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });
});
