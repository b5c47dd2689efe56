// A hand-over that ends in an error of ours after the final dot: nobody knows whether the mail arrived.

import { afterEach, expect, it, jest } from '@jest/globals';
import { MailTransport } from '../../src/mail/index.js';
import type { HandOver } from '../../src/mail/mail-transport.js';
import { emptyOutbox } from './outbox.js';

const outbox = emptyOutbox();
afterEach(() => void jest.restoreAllMocks());

/** Hands over as always, and fails then. */
function failAfterwards(): void {
  const usual = Object.getOwnPropertyDescriptor(MailTransport.prototype, 'handOver')?.value as (
    this: MailTransport,
    ...given: Parameters<MailTransport['handOver']>
  ) => Promise<HandOver>;
  jest.spyOn(MailTransport.prototype, 'handOver').mockImplementation(async function (this: MailTransport, mail, to) {
    await usual.call(this, mail, to);
    throw new Error('The program is at fault.');
  });
}

it('is unknown, of a mail that goes once, and never a second copy', async () => {
  const { id, recipient } = await outbox.queue('once');
  failAfterwards();
  await outbox.send();
  jest.restoreAllMocks();
  await outbox.send();
  expect(await outbox.stateOf(id)).toMatchObject({ state: 'unknown', reason: 'the hand-over was interrupted' });
  expect(outbox.ends).toEqual([['unknown', id]]);
  expect(outbox.server.to(recipient)).toHaveLength(1);
});

it('is tried again, of a mail that may be repeated, with the same Message-ID', async () => {
  const { id, recipient } = await outbox.queue('repeatable');
  failAfterwards();
  await outbox.send();
  jest.restoreAllMocks();
  await outbox.send();
  expect(await outbox.stateOf(id)).toMatchObject({ state: 'sent' });
  expect(new Set(outbox.server.to(recipient).map((mail) => mail.messageId)).size).toBe(1);
  expect(outbox.server.to(recipient)).toHaveLength(2);
});
