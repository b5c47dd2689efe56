// How long a mail waits after a try in vain: by how often it was tried, whatever else happened to it.

import { describe, expect, it } from '@jest/globals';
import { OutboxStore } from '../../src/mail/outbox.store.js';
import { emptyOutbox, type Kind, KINDS } from './outbox.js';

const outbox = emptyOutbox();

/** Sends, and answers for how many seconds the mail waits. */
async function waitAfterSending(id: string): Promise<number> {
  const before = Date.now();
  await outbox.send();
  const after = Date.now();
  const [row] = await outbox.database.dataSource.query<{ state: string; due: Date }[]>(
    'select state, next_attempt_at as due from mail_outbox where id = $1',
    [id],
  );
  expect(row?.state).toBe('pending');
  const due = row?.due.getTime() ?? NaN;
  // The clock was read in between.
  return Math.round((due - after + (due - before)) / 2_000);
}

/** A worker that takes it, and dies before it speaks of it. */
async function die(id: string): Promise<void> {
  const { dataSource } = outbox.database;
  await dataSource.query(`update mail_outbox set next_attempt_at = 'epoch'`);
  const claimed = await new OutboxStore().claimDue(dataSource.manager, 50, new Date());
  expect(claimed.map((mail) => mail.id)).toEqual([id]);
  await dataSource.query(`update mail_outbox set lease_until = now() - interval '1 second'`);
  await outbox.processor.takeOver();
}

describe.each(KINDS)('a mail (%s) that is put off', (kind: Kind) => {
  it('waits longer each time', async () => {
    const { id } = await outbox.queue(kind);
    outbox.fail('RCPT', { reply: '451 4.7.1 Greylisted, try again later' });
    const waits: number[] = [];
    for (let count = 0; count < 4; count += 1) waits.push(await waitAfterSending(id));
    expect(waits).toEqual([1, 5, 30, 120]);
  });

  it('waits no longer for workers that were killed before', async () => {
    const { id } = await outbox.queue(kind);
    for (let count = 0; count < 6; count += 1) await die(id);
    outbox.fail('RCPT', { reply: '451 4.7.1 Greylisted, try again later' });
    expect(await waitAfterSending(id)).toBe(1);
    await die(id);
    expect(await waitAfterSending(id)).toBe(5);
  });
});
