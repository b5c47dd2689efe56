// A reminder by hand that somebody confirmed: what they set aside does not stop it, what came afterwards does. Which was
// first is not asked of clocks: those of two servers differ. Real PostgreSQL, real sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { markDelivery, unmarkDelivery } from '../../src/deliveries/index.js';
import { AccessStore } from '../../src/access/access.store.js';
import { Ids } from '../../src/ids/index.js';
import type { SkipReason } from '../../src/reminders/eligibility.rules.js';
import { situationsOf } from './situations.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');
const SECOND = 1 / 3_600;

const stage = stageAt(NOW);
const { SITUATIONS, reminded } = situationsOf(stage, NOW);
let platformId: string;
let due: Due;
beforeEach(async () => {
  platformId = await stage.makePlatform();
  due = await stage.makeDue(platformId, 100);
});

/** As a server records it whose clock shows `at`. */
const access = (at: Date): Promise<void> =>
  stage.transactions.run((tx) =>
    new AccessStore(new Ids(), stage.deliveries).record(
      tx,
      { id: due.id, platformId, uploadId: due.uploadId, personId: due.personId, notifyOnAccess: false },
      { method: 'direct', phase: 'attempted', counts: true, at },
    ),
  );

/** Confirmed by a server whose clock shows `at`. */
async function confirm(at: Date): Promise<void> {
  stage.clock.at = at;
  await stage.byHand.run(due.id, { confirm: true });
}

/** How often it left, and what became of it, when it is judged a minute later. */
async function judged(): Promise<[number, string | undefined]> {
  stage.clock.at = later(NOW, 60 * SECOND);
  await stage.send();
  return [stage.sentTo(due), (await stage.ends(due)).at(-1)];
}

describe('an access', () => {
  it('that comes after the confirmation holds it back, also where the clock that recorded it is behind', async () => {
    await reminded(due, platformId);
    await confirm(later(NOW, 20 * SECOND));
    await access(NOW);
    expect(await judged()).toEqual([0, 'skipped accessed, mail skipped']);
  });

  it('that was known is set aside, also where the clock that recorded it is ahead', async () => {
    await access(later(NOW, 20 * SECOND));
    await confirm(NOW);
    expect(await judged()).toEqual([1, 'sent confirmed, mail sent']);
  });

  it.each([
    ['now', later(NOW, SECOND)],
    ['of an hour ago, as a person reports it', later(NOW, -1)],
  ])('after one that was known holds it back: %s', async (_, at) => {
    await access(later(NOW, -2));
    await confirm(NOW);
    await access(at);
    expect(await judged()).toEqual([0, 'skipped accessed, mail skipped']);
  });
});

describe('“I have what I need”', () => {
  const said = (at: Date): Promise<boolean> => markDelivery(stage.database.dataSource.manager, due.id, 'done_at', at);

  it('that was known is set aside, whatever clock recorded it', async () => {
    await said(later(NOW, 20 * SECOND));
    await confirm(NOW);
    expect(await judged()).toEqual([1, 'sent confirmed, mail sent']);
  });

  it('that is taken back and said again holds it back', async () => {
    await said(later(NOW, -1));
    await confirm(NOW);
    await unmarkDelivery(stage.database.dataSource.manager, due.id, 'done_at');
    await said(later(NOW, -SECOND));
    expect(await judged()).toEqual([0, 'skipped done, mail skipped']);
  });
});

it.each<SkipReason>(['accessed', 'done', 'superseded', 'in-progress', 'too-young', 'too-soon', 'enough'])(
  'what was not set aside holds it back when it comes afterwards: %s',
  async (reason) => {
    const setAside = reason === 'done' ? 'too-young' : 'done';
    await SITUATIONS[setAside][1](due, platformId);
    await confirm(NOW);
    await SITUATIONS[reason][1](due, platformId);
    expect((await judged())[0]).toBe(0);
    expect(await stage.ends(due)).toContainEqual(`skipped ${reason}, mail skipped`);
  },
);

it('says nothing of data that have not been fetched to who has fetched them', async () => {
  await access(later(NOW, -2));
  await confirm(NOW);
  await stage.send();
  const { text = '', html } = await stage.mailTo(due);
  for (const part of [text, html || '']) {
    expect(part).toContain('can still be fetched');
    expect(part).not.toMatch(/not been fetched|Not fetched/);
  }
});
