// The outbox against mail servers that fail in every way: what is tried again, what is given up and for whom, and what
// may have arrived. Real PostgreSQL, real sockets.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { SecretKeys } from '../../src/auth/index.js';
import { Transactions } from '../../src/database/index.js';
import { Ids } from '../../src/ids/index.js';
import { type Composition, MailKinds, MailTransport, type QueuedMail, ReturnAddresses } from '../../src/mail/index.js';
import { PARALLEL_HAND_OVERS } from '../../src/mail/mail-transport.js';
import { enqueueMail, OutboxStore } from '../../src/mail/outbox.store.js';
import { TIMEOUTS } from '../../src/mail/smtp-connections.js';
import { SendMailsProcessor } from '../../src/mail/send-mails.processor.js';
import { PersonsStore } from '../../src/persons/index.js';
import { Clock } from '../../src/time/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert } from '../support/make.js';
import { type Act, SmtpScript, type Step } from '../support/smtp-script.js';
import { until } from '../support/wait.js';

const KINDS = ['repeatable', 'once'] as const;
type Kind = (typeof KINDS)[number];

let database: TestDatabase;
let server: SmtpScript;
let transport: MailTransport;
let processor: SendMailsProcessor;
let ends: [string, string][];

/** Silence is waited for less long than in earnest. */
const IMPATIENT = { ...TIMEOUTS, socketTimeout: 3_000 };

/** How a mail is written; a test may replace it. */
let write: (mail: QueuedMail) => Composition;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  server = await SmtpScript.start();
  ends = [];
  write = () => ({ subject: 'Data', text: 'Here they are.', html: '<p>Here they are.</p>' });
  make(server.url);
});
afterEach(async () => {
  transport.onApplicationShutdown();
  await server.close();
  await database.dataSource.query('delete from mail_outbox');
});

function make(smtpUrl: string, timeouts = TIMEOUTS): void {
  transport = new MailTransport({ smtpUrl, mailFrom: 'Dispatch <dispatch@example.org>' }, timeouts);
  const kinds = new MailKinds();
  for (const kind of KINDS)
    kinds.register({
      kind,
      compose: async (_tx, mail) => write(mail),
      ...(kind === 'repeatable'
        ? { composeMany: async (_tx, mails) => new Map(mails.map((mail) => [mail.id, () => write(mail)])) }
        : {}),
      handedOver: async (_tx, mail) => void ends.push(['handed-over', mail.id]),
      unknown: async (_tx, mail) => void ends.push(['unknown', mail.id]),
      refused: async (_tx, mail) => void ends.push(['refused', mail.id]),
      failed: async (_tx, mail) => void ends.push(['failed', mail.id]),
      skipped: async (_tx, mail) => void ends.push(['skipped', mail.id]),
    });
  processor = new SendMailsProcessor(
    new Transactions(database.dataSource),
    new OutboxStore(),
    kinds,
    transport,
    new ReturnAddresses(undefined, new SecretKeys([randomBytes(32)])),
    new PersonsStore(new Ids()),
    new Clock(),
  );
}

async function queue(kind: Kind, fields: { notAfter?: Date } = {}): Promise<{ id: string; recipient: string }> {
  const [id, personId] = [new Ids().next(), randomUUID()];
  const recipient = `${personId}@example.org`;
  await insert(database.dataSource, 'person', { id: personId, address: recipient, address_key: recipient });
  await enqueueMail(database.dataSource.manager, {
    id,
    kind,
    subjectId: randomUUID(),
    personId,
    messageId: `<${id}@example.org>`,
    dedupeKey: id,
    atMostOnce: kind === 'once',
    dueAt: new Date(0),
    ...fields,
  });
  return { id, recipient };
}

/** Sends what is due; what waits for a later try is due at once the next time. */
async function send(): Promise<void> {
  await database.dataSource.query(`update mail_outbox set next_attempt_at = 'epoch' where state = 'pending'`);
  await processor.process({}, new AbortController().signal);
}

async function stateOf(id: string): Promise<{ state: string; reason: string | null; attempt: number }> {
  const [row] = await database.dataSource.query<{ state: string; reason: string | null; attempt: number }[]>(
    'select state, reason, attempt from mail_outbox where id = $1',
    [id],
  );
  if (!row) throw new Error('The mail is gone.');
  return row;
}

/** Does `act` at `step` until told otherwise. */
const failing = (step: Step, act: Act) => (server.at = (at) => (at === step ? act : undefined));
const healthy = () => (server.at = () => undefined);

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
    const { id, recipient } = await queue(kind);
    failing(step, act);
    await send();
    expect(await stateOf(id)).toMatchObject({ state: 'pending', attempt: 1 });
    expect(ends).toEqual([]);
    healthy();
    await send();
    expect((await stateOf(id)).state).toBe('sent');
    expect(server.to(recipient).filter((mail) => mail.isAcknowledged)).toHaveLength(1);
    expect(ends).toEqual([['handed-over', id]]);
  });

  it('is not handed over when the connection breaks in the middle of its content', async () => {
    // Larger than what sockets buffer, so that the final dot cannot have left.
    write = () => ({ subject: 'Data', text: 'x'.repeat(24_000_000), html: '' });
    const { id } = await queue(kind);
    failing('content', 'cut');
    await send();
    expect(await stateOf(id)).toMatchObject({ state: 'pending', reason: expect.stringContaining('connection failed') });
    write = () => ({ subject: 'Data', text: 'x', html: '' });
    healthy();
    await send();
    expect(ends).toEqual([['handed-over', id]]);
  });

  it.each<[string, Step, string]>([
    ['at RCPT', 'RCPT', '550 5.1.1 No such user'],
    ['at DATA', 'DATA', '554 Transaction failed'],
    ['after the final dot', 'dot', '550 5.1.1 No such user'],
  ])('is given up when its recipient is refused for good %s', async (_, step, reply) => {
    const { id } = await queue(kind);
    failing(step, { reply });
    await send();
    expect(await stateOf(id)).toMatchObject({ state: 'failed', reason: expect.stringContaining(reply.slice(0, 3)) });
    expect(ends).toEqual([['refused', id]]);
  });

  it('goes over a new connection when the mail server has ended the idle one', async () => {
    const first = await queue(kind);
    await send();
    const second = await queue(kind);
    server.hangUp();
    await send();
    expect([(await stateOf(first.id)).state, await stateOf(second.id)]).toEqual([
      'sent',
      { state: 'sent', reason: null, attempt: 1 },
    ]);
    expect(server.to(second.recipient)).toHaveLength(1);
  });

  it('goes over a new connection when the idle one turns out to be dead only when it is used', async () => {
    await queue(kind);
    await send();
    const second = await queue(kind);
    server.at = (step, { connection }) => (step === 'MAIL' && connection === 1 ? 'cut' : undefined);
    await send();
    expect(await stateOf(second.id)).toEqual({ state: 'sent', reason: null, attempt: 1 });
  });

  it('does not stop others when it cannot be written', async () => {
    const mails = [await queue(kind), await queue(kind), await queue(kind)];
    write = (mail) => {
      if (mail.id === mails[1]?.id) throw new Error('A fault in writing.');
      return { subject: 'Data', text: 'x', html: '' };
    };
    await send();
    expect(await Promise.all(mails.map(async ({ id }) => (await stateOf(id)).state))).toEqual([
      'sent',
      'pending',
      'sent',
    ]);
  });

  it('does not stop others when its recipient is refused or stalls', async () => {
    const mails = [await queue(kind), await queue(kind), await queue(kind)];
    server.at = (step, { to }) => {
      if (step === 'RCPT' && to === mails[0]?.recipient) return { reply: '550 5.1.1 No such user' };
      if (step === 'dot' && to === mails[1]?.recipient) return 'cut';
      return undefined;
    };
    await send();
    expect((await stateOf(mails[2]?.id ?? '')).state).toBe('sent');
    expect((await stateOf(mails[0]?.id ?? '')).state).toBe('failed');
  });

  it('is skipped, not sent, once its time is over', async () => {
    const { id, recipient } = await queue(kind, { notAfter: new Date(Date.now() - 1) });
    await send();
    expect(await stateOf(id)).toMatchObject({ state: 'skipped', reason: 'expired' });
    expect(server.to(recipient)).toEqual([]);
  });

  it('that a stopping worker has claimed goes back to the queue', async () => {
    const { id } = await queue(kind);
    const stopping = new AbortController();
    write = () => {
      stopping.abort();
      return { subject: 'Data', text: 'x', html: '' };
    };
    const second = await queue(kind);
    await processor.process({}, stopping.signal);
    const states = [(await stateOf(id)).state, (await stateOf(second.id)).state];
    expect(states.every((state) => state === 'sent' || state === 'pending')).toBe(true);
  });
});

describe.each<[string, Act]>([
  ['the connection is cut', 'cut'],
  ['nothing is answered', 'silence'],
])('when after the final dot %s', (_, act) => {
  beforeEach(() => {
    transport.onApplicationShutdown();
    make(server.url, IMPATIENT);
  });

  it('a repeatable mail goes again with the same Message-ID', async () => {
    const { id, recipient } = await queue('repeatable');
    failing('dot', act);
    await send();
    expect(await stateOf(id)).toMatchObject({ state: 'pending', attempt: 1 });
    healthy();
    await send();
    expect((await stateOf(id)).state).toBe('sent');
    expect(server.to(recipient).map((mail) => mail.messageId)).toEqual([`<${id}@example.org>`, `<${id}@example.org>`]);
  });

  it('a mail that goes once ends as unknown and never goes again', async () => {
    const { id, recipient } = await queue('once');
    failing('dot', act);
    await send();
    expect((await stateOf(id)).state).toBe('unknown');
    expect(ends).toEqual([['unknown', id]]);
    healthy();
    await send();
    expect(server.to(recipient)).toHaveLength(1);
  });
});

describe('with a logon', () => {
  it('a refused logon leaves every mail in the queue and nobody undeliverable', async () => {
    transport.onApplicationShutdown();
    make(server.url.replace('smtp://', 'smtp://user:wrong@'));
    server.at = (step) => {
      if (step === 'EHLO') return { reply: '250-script.example\r\n250 AUTH PLAIN' };
      return step === 'AUTH' ? { reply: '535 5.7.8 Wrong user or password' } : undefined;
    };
    const mails = [await queue('repeatable'), await queue('once')];
    await send();
    for (const { id } of mails)
      expect(await stateOf(id)).toMatchObject({ state: 'pending', reason: expect.stringContaining('535') });
    server.at = (step) => (step === 'EHLO' ? { reply: '250-script.example\r\n250 AUTH PLAIN' } : undefined);
    await send();
    for (const { id } of mails) expect((await stateOf(id)).state).toBe('sent');
  });
});

describe('a killed worker', () => {
  type Reached = 'nothing' | 'the mail server' | 'the final dot';
  const claimedLongAgo = (id: string, reached: Reached) =>
    database.dataSource.query(
      `update mail_outbox
          set state = 'sending', attempt = 1, lease_until = now() - interval '1 second',
              handing_over_since = case when $2 then now() - interval '1 minute' end,
              final_dot_at = case when $3 then now() - interval '1 minute' end
        where id = $1`,
      [id, reached !== 'nothing', reached === 'the final dot'],
    );
  const lapse = () => database.dataSource.query(`update mail_outbox set lease_until = now() - interval '1 second'`);

  it.each<[Kind, Reached, string]>([
    ['repeatable', 'nothing', 'pending'],
    ['repeatable', 'the mail server', 'pending'],
    ['repeatable', 'the final dot', 'pending'],
    ['once', 'nothing', 'pending'],
    ['once', 'the mail server', 'pending'],
    ['once', 'the final dot', 'unknown'],
  ])('that had come to say a mail that is %s as far as %s leaves it %s', async (kind, reached, state) => {
    const { id } = await queue(kind);
    await claimedLongAgo(id, reached);
    await processor.takeOver();
    expect((await stateOf(id)).state).toBe(state);
  });

  /** As far as a worker came with many mails when it died: nothing is recorded of it any more. */
  const dieAt = async (step: Step, mails: number): Promise<{ dying: Promise<void> }> => {
    transport.onApplicationShutdown();
    make(server.url, IMPATIENT);
    let come = 0;
    server.at = (at) => {
      if (at !== step) return undefined;
      come += 1;
      return 'silence';
    };
    const dying = send();
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
    const mails = await Promise.all(Array.from({ length: 30 }, () => queue('once')));
    const { dying } = await dieAt(step, mails.length);
    await processor.takeOver();
    const states = await Promise.all(mails.map(({ id }) => stateOf(id)));
    expect(states.filter(({ state }) => state === 'unknown')).toHaveLength(unknown);
    expect(states.filter(({ state }) => state === 'pending')).toHaveLength(mails.length - unknown);
    healthy();
    await dying;
    await send();
    for (const { recipient } of mails) expect(server.to(recipient)).toHaveLength(1);
  });

  it('that comes back after its mail was taken over ends no content of a mail that goes once', async () => {
    const { id, recipient } = await queue('once');
    let isAsked = false;
    server.at = (step) => {
      if (step !== 'RCPT') return undefined;
      isAsked = true;
      return 'silence';
    };
    const slow = send();
    await until('the recipient named', () => isAsked || undefined);
    await lapse();
    await processor.takeOver();
    server.say('250 2.1.5 Ok');
    await slow;
    expect(server.to(recipient)).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ state: 'pending', attempt: 1 });
    expect(ends).toEqual([]);
  });

  it('never makes a repeatable mail unknown, even when its lease ends between two statements', async () => {
    const { id } = await queue('repeatable');
    await claimedLongAgo(id, 'the final dot');
    expect(await new OutboxStore().interrupted(database.dataSource.manager)).toBeUndefined();
  });

  it('that comes back finds its mail taken over and records nothing of it', async () => {
    transport.onApplicationShutdown();
    make(server.url, IMPATIENT);
    const { id, recipient } = await queue('repeatable');
    let hasCome: (() => void) | undefined;
    const atDot = new Promise<void>((resolve) => (hasCome = resolve));
    server.at = (step) => {
      if (step !== 'dot') return undefined;
      hasCome?.();
      return 'silence';
    };
    const slow = send();
    await atDot;
    // Another worker takes it over and ends it.
    await database.dataSource.query(`update mail_outbox set attempt = attempt + 1, state = 'sent' where id = $1`, [id]);
    await slow;
    expect(ends).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ state: 'sent', attempt: 2 });
    expect(server.to(recipient)).toHaveLength(1);
  });
});

it('two workers share the outbox and send each mail once', async () => {
  const mails = await Promise.all(Array.from({ length: 120 }, () => queue('repeatable')));
  const signal = new AbortController().signal;
  await Promise.all([processor.process({}, signal), processor.process({}, signal)]);
  await until('all mails', () => (server.mails.length >= mails.length ? true : undefined));
  expect(new Set(server.mails.map((mail) => mail.messageId)).size).toBe(120);
  expect(server.mails).toHaveLength(120);
});
