// What happens to a delivery while its mail is handed over: the end that the mail names holds, and an access meanwhile is
// one after the dispatch. Real PostgreSQL, real sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccessStore } from '../../src/access/access.store.js';
import type { Tx } from '../../src/database/index.js';
import { findDelivery } from '../../src/deliveries/delivery-facts.js';
import { Ids } from '../../src/ids/index.js';
import type { QueuedMail } from '../../src/mail/index.js';
import { makePerson, makeUpload } from '../support/make.js';
import { until } from '../support/wait.js';
import { later, parsedMail, stageAt } from '../reminders/stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
let platformId: string;
beforeEach(async () => {
  platformId = await stage.makePlatform();
});

const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => stage.database.dataSource.transaction(work);

/** A delivery whose mail waits. */
async function pending(linkLifetime = 'P30D', of?: { uploadId: string; personId: string }) {
  const uploadId = of?.uploadId ?? (await makeUpload(stage.database.dataSource, platformId, { bytes: 12, files: 1 }));
  const personId = of?.personId ?? (await makePerson(stage.database.dataSource));
  const id = await transaction((tx) => stage.deliveries.create(tx, { uploadId, platformId, personId, linkLifetime }));
  if (id === undefined) throw new Error('There is such a delivery.');
  return { id, uploadId, personId, recipient: `${personId}@example.org` };
}

const rowOf = async ({ id }: { id: string }) =>
  (
    await stage.query<{
      expires_at: Date | null;
      handed_over_at: Date | null;
      accessed_at: Date | null;
      edition: number;
    }>('select expires_at, handed_over_at, accessed_at, expiry_edition as edition from delivery where id = $1', [id])
  )[0];

/** Does `work` in a transaction that stays open until it is told to end. */
async function opened(work: (tx: Tx) => Promise<unknown>): Promise<() => Promise<void>> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let done = (): void => undefined;
  const worked = new Promise<void>((resolve) => (done = resolve));
  const transacting = transaction(async (tx) => {
    await work(tx);
    done();
    await ended;
  });
  await Promise.race([worked, transacting]);
  return async () => {
    end();
    await transacting;
  };
}

const areWaiting = (count: number) =>
  until('somebody waiting for a row', async () => {
    const [found] = await stage.query<{ waiting: number }>(
      `select count(*)::int as waiting
         from pg_stat_activity
        where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    );
    return found?.waiting === count || undefined;
  });

describe('a lifetime that is changed while the mail is handed over', () => {
  it.each([
    ['shorter: what the mail says holds', 'P1D', 30 * 24, 0],
    ['the same', 'P30D', 30 * 24, 0],
    ['longer: it holds, and a later calendar entry replaces the first', 'P60D', 60 * 24, 1],
  ])('%s', async (_, changed, hours, edition) => {
    const delivery = await pending();
    const change = await opened((tx) => stage.deliveries.extendPending(tx, delivery.id, changed));
    const sending = stage.send();
    const mail = await until('the mail', () => stage.server.to(delivery.recipient)[0]);
    await areWaiting(1);
    await change();
    await sending;
    const parsed = await parsedMail(mail.raw);
    expect(parsed.text).toContain('7 April 2025');
    expect(await rowOf(delivery)).toMatchObject({ handed_over_at: NOW, expires_at: later(NOW, hours), edition });
  });

  it('before it is written is what the mail says', async () => {
    const delivery = await pending();
    await transaction((tx) => stage.deliveries.extendPending(tx, delivery.id, 'P1D'));
    await stage.send();
    const parsed = await stage.mailTo(delivery);
    expect(parsed.text).toContain('9 March 2025');
    expect(await rowOf(delivery)).toMatchObject({ expires_at: later(NOW, 24), edition: 0 });
  });
});

describe('an access through an older link of the same data', () => {
  const access = () => new AccessStore(new Ids(), stage.deliveries);
  const fetch = async (tx: Tx, { id }: { id: string }, at: Date): Promise<void> => {
    const facts = await findDelivery(tx, id);
    if (!facts) throw new Error('The delivery is gone.');
    await access().record(tx, facts, { method: 'direct', phase: 'attempted', counts: true, at });
  };
  const handOver = async (tx: Tx, { id }: { id: string }, at: Date): Promise<void> => {
    const [mail] = await stage.query<QueuedMail>(
      `select id, kind, subject_id as "subjectId", person_id as "personId", message_id as "messageId"
         from mail_outbox where subject_id = $1`,
      [id],
    );
    if (!mail) throw new Error('There is no mail.');
    await stage.kinds.of('dispatch')?.handedOverMany?.(tx, [{ mail, at }]);
  };
  /** One that was sent an hour ago, and its reshare, whose mail waits. */
  async function reshared() {
    const older = await pending();
    await transaction((tx) => handOver(tx, older, later(NOW, -1)));
    return { older, reshare: await pending('P30D', older) };
  }

  it('before the reshare’s dispatch does not silence the reshare', async () => {
    const { older, reshare } = await reshared();
    await transaction((tx) => fetch(tx, older, new Date(NOW.getTime() - 1)));
    await transaction((tx) => handOver(tx, reshare, NOW));
    expect((await rowOf(older))?.accessed_at).toEqual(new Date(NOW.getTime() - 1));
    expect((await rowOf(reshare))?.accessed_at).toBeNull();
  });

  it.each([0, 1_000])(
    'while the reshare’s mail is handed over (%d ms after it was written) silences both',
    async (ms) => {
      const { older, reshare } = await reshared();
      const at = new Date(NOW.getTime() + ms);
      await transaction((tx) => fetch(tx, older, at));
      await transaction((tx) => handOver(tx, reshare, NOW));
      expect([(await rowOf(older))?.accessed_at, (await rowOf(reshare))?.accessed_at]).toEqual([at, at]);
    },
  );

  it('is found by a hand-over that is recorded while it is', async () => {
    const { older, reshare } = await reshared();
    const accessed = await opened((tx) => fetch(tx, older, later(NOW, 1)));
    const handing = transaction((tx) => handOver(tx, reshare, NOW));
    await areWaiting(1);
    await accessed();
    await handing;
    expect((await rowOf(reshare))?.accessed_at).toEqual(later(NOW, 1));
  });

  it('finds a hand-over that is recorded while it is', async () => {
    const { older, reshare } = await reshared();
    const handedOver = await opened((tx) => handOver(tx, reshare, NOW));
    const accessing = transaction((tx) => fetch(tx, older, later(NOW, 1)));
    await areWaiting(1);
    await handedOver();
    await accessing;
    expect((await rowOf(reshare))?.accessed_at).toEqual(later(NOW, 1));
  });

  it('that an administrator said was none silences nothing', async () => {
    const { older, reshare } = await reshared();
    await transaction((tx) => fetch(tx, older, later(NOW, 1)));
    await stage.query(
      `insert into access_overrule (id, event_id, delivery_id, platform_id, counts, actor, at)
       select gen_random_uuid(), id, delivery_id, platform_id, false, 'admin', $2 from access_event where delivery_id = $1`,
      [older.id, NOW],
    );
    await transaction((tx) => handOver(tx, reshare, NOW));
    expect((await rowOf(reshare))?.accessed_at).toBeNull();
  });
});
