// What a worker that was killed, or stood still, leaves of the mails that it had claimed. Real PostgreSQL, real sockets.

import { describe, expect, it } from '@jest/globals';
import { PARALLEL_HAND_OVERS } from '../../src/mail/mail-transport.js';
import { OutboxStore } from '../../src/mail/outbox.store.js';
import type { Step } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { emptyOutbox, type Kind } from './outbox.js';

const outbox = emptyOutbox();

describe('a killed worker', () => {
  type Reached = 'nothing' | 'the mail server' | 'the final dot';
  const claimedLongAgo = (id: string, reached: Reached) =>
    outbox.database.dataSource.query(
      `update mail_outbox
          set state = 'sending', attempt = 1, lease_until = now() - interval '1 second',
              handing_over_since = case when $2 then now() - interval '1 minute' end,
              final_dot_at = case when $3 then now() - interval '1 minute' end
        where id = $1`,
      [id, reached !== 'nothing', reached === 'the final dot'],
    );
  const lapse = () =>
    outbox.database.dataSource.query(`update mail_outbox set lease_until = now() - interval '1 second'`);

  it.each<[Kind, Reached, string]>([
    ['repeatable', 'nothing', 'pending'],
    ['repeatable', 'the mail server', 'pending'],
    ['repeatable', 'the final dot', 'pending'],
    ['once', 'nothing', 'pending'],
    ['once', 'the mail server', 'pending'],
    ['once', 'the final dot', 'unknown'],
  ])('that had come to say a mail that is %s as far as %s leaves it %s', async (kind, reached, state) => {
    const { id } = await outbox.queue(kind);
    await claimedLongAgo(id, reached);
    await outbox.processor.takeOver();
    expect((await outbox.stateOf(id)).state).toBe(state);
  });

  it('is cleared up after by two workers at once, of whom neither waits for the mails that the other holds', async () => {
    const mails = [await outbox.queue('repeatable'), await outbox.queue('once'), await outbox.queue('once')];
    for (const { id } of mails) await claimedLongAgo(id, 'nothing');
    const workers = [mails[0], mails[1]].map((held) => ({
      runner: outbox.database.dataSource.createQueryRunner(),
      held: held?.id,
    }));
    try {
      for (const { runner, held } of workers) {
        await runner.startTransaction();
        await runner.query('select 1 from mail_outbox where id = $1 for update', [held]);
      }
      const putBack = ({ runner }: (typeof workers)[number]) => new OutboxStore().putBack(runner.manager, new Date());
      await Promise.all(workers.map(putBack));
      for (const { runner } of workers) await runner.commitTransaction();
    } finally {
      for (const { runner } of workers) await runner.release();
    }
    for (const { id } of mails) expect((await outbox.stateOf(id)).state).toBe('pending');
  });

  /** As far as a worker came with many mails when it died: nothing is recorded of it any more. */
  const dieAt = async (step: Step, mails: number): Promise<{ dying: Promise<void> }> => {
    outbox.useWorker({ isImpatient: true });
    let come = 0;
    outbox.server.at = (at) => {
      if (at !== step) return undefined;
      come += 1;
      return 'silence';
    };
    const dying = outbox.send();
    await until('all connections at that step', () => come === Math.min(mails, PARALLEL_HAND_OVERS) || undefined);
    await lapse();
    return { dying };
  };

  it.each<[Step, number]>([
    ['MAIL', 0],
    ['RCPT', 0],
    ['DATA', 0],
    ['dot', PARALLEL_HAND_OVERS],
  ])('at %s, with 30 mails that go once, leaves %s of them unknown', async (step, unknown) => {
    const mails = await Promise.all(Array.from({ length: 30 }, () => outbox.queue('once')));
    const { dying } = await dieAt(step, mails.length);
    await outbox.processor.takeOver();
    const states = await Promise.all(mails.map(({ id }) => outbox.stateOf(id)));
    expect(states.filter(({ state }) => state === 'unknown')).toHaveLength(unknown);
    expect(states.filter(({ state }) => state === 'pending')).toHaveLength(mails.length - unknown);
    outbox.heal();
    await dying;
    await outbox.send();
    for (const { recipient } of mails) expect(outbox.server.to(recipient)).toHaveLength(1);
  });

  it('that comes back after its mail was taken over ends no content of a mail that goes once', async () => {
    const { id, recipient } = await outbox.queue('once');
    let isAsked = false;
    outbox.server.at = (step) => {
      if (step !== 'RCPT') return undefined;
      isAsked = true;
      return 'silence';
    };
    const slow = outbox.send();
    await until('the recipient named', () => isAsked || undefined);
    await lapse();
    await outbox.processor.takeOver();
    outbox.server.say('250 2.1.5 Ok');
    await slow;
    expect(outbox.server.to(recipient)).toEqual([]);
    expect(await outbox.stateOf(id)).toMatchObject({ state: 'pending', attempt: 1 });
    expect(outbox.ends).toEqual([]);
  });

  it('never makes a repeatable mail unknown, even when its lease ends between two statements', async () => {
    const { id } = await outbox.queue('repeatable');
    await claimedLongAgo(id, 'the final dot');
    expect(await new OutboxStore().interrupted(outbox.database.dataSource.manager)).toBeUndefined();
  });

  it('that comes back finds its mail taken over and records nothing of it', async () => {
    outbox.useWorker({ isImpatient: true });
    const { id, recipient } = await outbox.queue('repeatable');
    let hasCome: (() => void) | undefined;
    const atDot = new Promise<void>((resolve) => (hasCome = resolve));
    outbox.server.at = (step) => {
      if (step !== 'dot') return undefined;
      hasCome?.();
      return 'silence';
    };
    const slow = outbox.send();
    await atDot;
    // Another worker takes it over and ends it.
    await outbox.database.dataSource.query(
      `update mail_outbox set attempt = attempt + 1, state = 'sent' where id = $1`,
      [id],
    );
    await slow;
    expect(outbox.ends).toEqual([]);
    expect(await outbox.stateOf(id)).toMatchObject({ state: 'sent', attempt: 2 });
    expect(outbox.server.to(recipient)).toHaveLength(1);
  });
});
