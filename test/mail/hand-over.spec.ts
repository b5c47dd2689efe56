// The outbox against mail servers that fail in every way: what is tried again, what is given up and for whom, and what
// may have arrived. Real PostgreSQL, real sockets.

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Act, Step } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { emptyOutbox, KINDS } from './outbox.js';

const outbox = emptyOutbox();

describe.each(KINDS)('a mail that is %s', (kind) => {
  it.each<[string, Step, Act]>([
    ['the connection is cut at once', 'connect', 'cut'],
    ['the server is busy', 'connect', { reply: '421 4.3.2 Too many connections' }],
    ['the server will not talk to us', 'connect', { reply: '554 5.7.1 Your address is on a blocklist' }],
    ['the connection is cut after EHLO', 'EHLO', 'cut'],
    ['our sender is refused', 'MAIL', { reply: '550 5.1.0 Sender refused' }],
    ['TLS is demanded', 'MAIL', { reply: '530 5.7.0 Must issue a STARTTLS command first' }],
    ['the mail is too large by its announced size', 'MAIL', { reply: '552 5.3.4 Too large' }],
    ['the connection is cut at MAIL', 'MAIL', 'cut'],
    ['the recipient is greylisted', 'RCPT', { reply: '451 4.7.1 Greylisted' }],
    ['relaying is refused', 'RCPT', { reply: '554 5.7.1 Relay access denied' }],
    ['the connection is cut at RCPT', 'RCPT', 'cut'],
    ['DATA is put off', 'DATA', { reply: '451 4.3.0 Not now' }],
    ['the connection is cut at DATA', 'DATA', 'cut'],
    ['the mail is put off after the final dot', 'dot', { reply: '452 4.3.1 Disk full' }],
    ['the server goes down after the final dot with a 421', 'dot', { reply: '421 4.3.2 Shutting down' }],
    ['the mail is too large after the final dot', 'dot', { reply: '552 5.3.4 Too large' }],
    ['a policy refuses the mail', 'dot', { reply: '554 5.7.1 Refused by policy' }],
  ])('is not handed over and goes later when %s', async (_, step, act) => {
    const { id, recipient } = await outbox.queue(kind);
    outbox.fail(step, act);
    await outbox.send();
    expect(await outbox.stateOf(id)).toMatchObject({ state: 'pending', attempt: 1 });
    expect(outbox.ends).toEqual([]);
    outbox.heal();
    await outbox.send();
    expect((await outbox.stateOf(id)).state).toBe('sent');
    expect(outbox.server.to(recipient).filter((mail) => mail.isAcknowledged)).toHaveLength(1);
    expect(outbox.ends).toEqual([['handed-over', id]]);
  });

  it('is not handed over when the connection breaks in the middle of its content', async () => {
    // Larger than what sockets buffer, so that the final dot cannot have left.
    outbox.write = () => ({ subject: 'Data', text: 'x'.repeat(24_000_000), html: '' });
    const { id } = await outbox.queue(kind);
    outbox.fail('content', 'cut');
    await outbox.send();
    expect(await outbox.stateOf(id)).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('connection failed'),
    });
    outbox.write = () => ({ subject: 'Data', text: 'x', html: '' });
    outbox.heal();
    await outbox.send();
    expect(outbox.ends).toEqual([['handed-over', id]]);
  });

  it.each<[string, Step, string]>([
    ['at RCPT', 'RCPT', '550 5.1.1 No such user'],
    ['at DATA', 'DATA', '554 Transaction failed'],
    ['after the final dot', 'dot', '550 5.1.1 No such user'],
  ])('is given up when its recipient is refused for good %s', async (_, step, reply) => {
    const { id } = await outbox.queue(kind);
    outbox.fail(step, { reply });
    await outbox.send();
    expect(await outbox.stateOf(id)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining(reply.slice(0, 3)),
    });
    expect(outbox.ends).toEqual([['refused', id]]);
  });

  it('goes over a new connection when the mail server has ended the idle one', async () => {
    const first = await outbox.queue(kind);
    await outbox.send();
    const second = await outbox.queue(kind);
    outbox.server.hangUp();
    await outbox.send();
    expect([(await outbox.stateOf(first.id)).state, await outbox.stateOf(second.id)]).toEqual([
      'sent',
      { state: 'sent', reason: null, attempt: 1 },
    ]);
    expect(outbox.server.to(second.recipient)).toHaveLength(1);
  });

  it('goes over a new connection when the idle one turns out to be dead only when it is used', async () => {
    await outbox.queue(kind);
    await outbox.send();
    const second = await outbox.queue(kind);
    outbox.server.at = (step, { connection }) => (step === 'MAIL' && connection === 1 ? 'cut' : undefined);
    await outbox.send();
    expect(await outbox.stateOf(second.id)).toEqual({ state: 'sent', reason: null, attempt: 1 });
  });

  it('does not stop others when it cannot be written', async () => {
    const mails = [await outbox.queue(kind), await outbox.queue(kind), await outbox.queue(kind)];
    outbox.write = (mail) => {
      if (mail.id === mails[1]?.id) throw new Error('A fault in writing.');
      return { subject: 'Data', text: 'x', html: '' };
    };
    await outbox.send();
    expect(await Promise.all(mails.map(async ({ id }) => (await outbox.stateOf(id)).state))).toEqual([
      'sent',
      'pending',
      'sent',
    ]);
  });

  it('does not stop others when its recipient is refused or stalls', async () => {
    const mails = [await outbox.queue(kind), await outbox.queue(kind), await outbox.queue(kind)];
    outbox.server.at = (step, { to }) => {
      if (step === 'RCPT' && to === mails[0]?.recipient) return { reply: '550 5.1.1 No such user' };
      if (step === 'dot' && to === mails[1]?.recipient) return 'cut';
      return undefined;
    };
    await outbox.send();
    expect((await outbox.stateOf(mails[2]?.id ?? '')).state).toBe('sent');
    expect((await outbox.stateOf(mails[0]?.id ?? '')).state).toBe('failed');
  });

  it('is skipped, not sent, once its time is over', async () => {
    const { id, recipient } = await outbox.queue(kind, { notAfter: new Date(Date.now() - 1) });
    await outbox.send();
    expect(await outbox.stateOf(id)).toMatchObject({ state: 'skipped', reason: 'expired' });
    expect(outbox.server.to(recipient)).toEqual([]);
  });

  it('that a stopping worker has claimed goes back to the queue', async () => {
    const { id } = await outbox.queue(kind);
    const stopping = new AbortController();
    outbox.write = () => {
      stopping.abort();
      return { subject: 'Data', text: 'x', html: '' };
    };
    const second = await outbox.queue(kind);
    await outbox.processor.process({}, stopping.signal);
    const states = [(await outbox.stateOf(id)).state, (await outbox.stateOf(second.id)).state];
    expect(states.every((state) => state === 'sent' || state === 'pending')).toBe(true);
  });
});

describe.each<[string, Act]>([
  ['the connection is cut', 'cut'],
  ['nothing is answered', 'silence'],
])('when after the final dot %s', (_, act) => {
  beforeEach(() => {
    outbox.useWorker({ isImpatient: true });
  });

  it('a repeatable mail goes again with the same Message-ID', async () => {
    const { id, recipient } = await outbox.queue('repeatable');
    outbox.fail('dot', act);
    await outbox.send();
    expect(await outbox.stateOf(id)).toMatchObject({ state: 'pending', attempt: 1 });
    outbox.heal();
    await outbox.send();
    expect((await outbox.stateOf(id)).state).toBe('sent');
    expect(outbox.server.to(recipient).map((mail) => mail.messageId)).toEqual([
      `<${id}@example.org>`,
      `<${id}@example.org>`,
    ]);
  });

  it('a mail that goes once ends as unknown and never goes again', async () => {
    const { id, recipient } = await outbox.queue('once');
    outbox.fail('dot', act);
    await outbox.send();
    expect((await outbox.stateOf(id)).state).toBe('unknown');
    expect(outbox.ends).toEqual([['unknown', id]]);
    outbox.heal();
    await outbox.send();
    expect(outbox.server.to(recipient)).toHaveLength(1);
  });
});

describe('with a logon', () => {
  it('a refused logon leaves every mail in the queue and nobody undeliverable', async () => {
    outbox.useWorker({ smtpUrl: outbox.server.url.replace('smtp://', 'smtp://user:wrong@') });
    outbox.server.at = (step) => {
      if (step === 'EHLO') return { reply: '250-script.example\r\n250 AUTH PLAIN' };
      return step === 'AUTH' ? { reply: '535 5.7.8 Wrong user or password' } : undefined;
    };
    const mails = [await outbox.queue('repeatable'), await outbox.queue('once')];
    await outbox.send();
    for (const { id } of mails)
      expect(await outbox.stateOf(id)).toMatchObject({ state: 'pending', reason: expect.stringContaining('535') });
    outbox.server.at = (step) => (step === 'EHLO' ? { reply: '250-script.example\r\n250 AUTH PLAIN' } : undefined);
    await outbox.send();
    for (const { id } of mails) expect((await outbox.stateOf(id)).state).toBe('sent');
  });
});

it('two workers share the outbox and send each mail once', async () => {
  const mails = await Promise.all(Array.from({ length: 120 }, () => outbox.queue('repeatable')));
  const signal = new AbortController().signal;
  await Promise.all([outbox.processor.process({}, signal), outbox.processor.process({}, signal)]);
  await until('all mails', () => (outbox.server.mails.length >= mails.length ? true : undefined));
  expect(new Set(outbox.server.mails.map((mail) => mail.messageId)).size).toBe(120);
  expect(outbox.server.mails).toHaveLength(120);
});
