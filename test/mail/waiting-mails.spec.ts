// Mails that a worker has claimed and that wait, because the mail server keeps its connections busy: what happens to them
// meanwhile counts. Real PostgreSQL, real sockets.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MailKinds, MailTransport, type QueuedMail } from '../../src/mail/index.js';
import type { ComposedMail } from '../../src/mail/mail-kinds.js';
import { PARALLEL_HAND_OVERS } from '../../src/mail/mail-transport.js';
import { JUDGED_AT_ONCE, type SendMailsProcessor } from '../../src/mail/send-mails.processor.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SetClock } from '../support/set-clock.js';
import { SmtpScript } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { type Kind, queueMail, type QueuedTo, workerOn } from './outbox.js';

let server: SmtpScript;

beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  server = await SmtpScript.start();
});
afterEach(() => server.close());

describe('mails, more than a worker speaks to the mail server about', () => {
  /** Those that are judged while others speak to the mail server; the rest wait for that. */
  const AT_ONCE = JUDGED_AT_ONCE;

  let database: TestDatabase;
  /** What mails that may be repeated say at present. */
  let text: string;
  let clock: SetClock;
  const workers: { transport: MailTransport; processor: SendMailsProcessor; written: string[] }[] = [];

  beforeAll(async () => {
    database = await createDatabase();
  });
  beforeEach(() => {
    [text, clock] = ['Here they are.', new SetClock(new Date())];
  });
  afterEach(async () => {
    await database.dataSource.query('delete from mail_outbox');
    for (const { transport } of workers.splice(0)) transport.onApplicationShutdown();
  });
  afterAll(() => database.close());

  function makeWorker(): (typeof workers)[number] {
    const written: string[] = [];
    const kinds = new MailKinds();
    kinds.register({
      kind: 'once',
      compose: async (_tx, mail) => {
        written.push(mail.id);
        return { subject: 'Data', text: 'Here they are.', html: '<p>Here they are.</p>' };
      },
    });
    const say = (mail: QueuedMail, what: string): ComposedMail => {
      written.push(mail.id);
      return { subject: 'Data', text: what, html: `<p>${what}</p>` };
    };
    kinds.register({
      kind: 'repeatable',
      compose: async (_tx, mail) => say(mail, text),
      composeMany: async (_tx, mails) => {
        const read = text;
        return new Map(mails.map((mail) => [mail.id, () => say(mail, read)]));
      },
    });
    const transport = new MailTransport({ smtpUrl: server.url, mailFrom: 'Dispatch <dispatch@example.org>' });
    const processor = workerOn(database, kinds, transport, clock);
    workers.push({ transport, processor, written });
    return { transport, processor, written };
  }

  const queue = (kind: Kind = 'once'): Promise<QueuedTo> => queueMail(database, kind);
  const send = ({ processor }: Pick<(typeof workers)[number], 'processor'>): Promise<void> =>
    processor.process({}, new AbortController().signal);
  const query = <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query(sql, parameters);

  it('are not even written any more, of those that go once and wait, when another worker has taken them over', async () => {
    const mails = await Promise.all(Array.from({ length: AT_ONCE + 10 }, () => queue()));
    let named = 0;
    server.at = (step) => {
      if (step !== 'RCPT') return undefined;
      named += 1;
      return 'silence';
    };
    const slow = makeWorker();
    const working = send(slow);
    await until('the mail server kept busy', () => named === PARALLEL_HAND_OVERS || undefined);
    await until('all others written', () => slow.written.length === AT_ONCE || undefined);
    const unwritten = mails.map(({ id }) => id).filter((id) => !slow.written.includes(id));
    expect(unwritten).toHaveLength(10);
    // It stood still too long, as to every second of those: another worker has them. The others beside them, claimed at
    // the same times, show when it has asked for its leases.
    const waiting = unwritten.sort().filter((_, index) => index % 2 === 0);
    await query(`update mail_outbox set attempt = attempt + 1 where id = any($1)`, [waiting]);
    await query(`update mail_outbox set lease_until = now() where id <> all($1)`, [waiting]);
    await until('the leases on the others renewed', async () => {
      const [found] = await query<{ renewed: boolean }>(
        'select bool_and(lease_until > now()) as renewed from mail_outbox where id <> all($1)',
        [waiting],
      );
      return found?.renewed || undefined;
    });
    server.at = () => undefined;
    server.say('250 2.1.5 Ok');
    await working;
    // What waited long for a connection went back.
    await send(slow);
    expect(slow.written.filter((id) => waiting.includes(id))).toEqual([]);
    const left = await query<{ id: string }>(`select id from mail_outbox where state <> 'sent' order by id`);
    expect(left.map(({ id }) => id)).toEqual([...waiting].sort());
  });

  it('are read again, of those that may be repeated, when they have waited long: they say what holds then', async () => {
    const mails = await Promise.all(Array.from({ length: AT_ONCE + 5 }, () => queue('repeatable')));
    let named = 0;
    server.at = (step) => {
      if (step !== 'RCPT') return undefined;
      named += 1;
      return 'silence';
    };
    const worker = makeWorker();
    const working = send(worker);
    await until('the mail server kept busy', () => named === PARALLEL_HAND_OVERS || undefined);
    await until('all others written', () => worker.written.length === AT_ONCE || undefined);
    const waiting = mails.filter(({ id }) => !worker.written.includes(id));
    text = 'They are elsewhere now.';
    clock.at = new Date(clock.at.getTime() + 3_000);
    server.at = () => undefined;
    server.say('250 2.1.5 Ok');
    await working;
    await send(worker);
    expect(waiting).toHaveLength(5);
    for (const { recipient } of waiting)
      expect(server.to(recipient).map(({ raw }) => raw)).toEqual([expect.stringContaining('They are elsewhere now.')]);
  });

  it('go again where the mail server put one off at its end, and the next worker died before it came so far', async () => {
    const { id } = await queue();
    server.at = (step) => (step === 'dot' ? { reply: '452 4.3.1 Disk full' } : undefined);
    await send(makeWorker());
    await query(`update mail_outbox set next_attempt_at = 'epoch'`);
    let isNamed = false;
    server.at = (step) => {
      if (step !== 'RCPT') return undefined;
      isNamed = true;
      return 'silence';
    };
    const dying = makeWorker();
    const sending = send(dying);
    await until('the recipient named again', () => isNamed || undefined);
    await query(`update mail_outbox set lease_until = now() - interval '1 second'`);
    await dying.processor.takeOver();
    expect(await query('select state from mail_outbox where id = $1', [id])).toEqual([{ state: 'pending' }]);
    server.at = () => undefined;
    server.say('250 2.1.5 Ok');
    await sending;
  });

  it('leave once where one worker comes back when another is as far with the same mail', async () => {
    const { id, recipient } = await queue();
    let named = 0;
    server.at = (step) => {
      if (step !== 'RCPT') return undefined;
      named += 1;
      return 'silence';
    };
    const slow = send(makeWorker());
    await until('the first worker naming the recipient', () => named === 1 || undefined);
    const second = makeWorker();
    await query(`update mail_outbox set lease_until = now() - interval '1 second'`);
    await second.processor.takeOver();
    const quick = send(second);
    await until('the second worker naming the recipient', () => named === 2 || undefined);
    server.at = () => undefined;
    server.say('250 2.1.5 Ok');
    await Promise.all([slow, quick]);
    expect(server.to(recipient)).toHaveLength(1);
    expect(await query('select state, attempt from mail_outbox where id = $1', [id])).toEqual([
      { state: 'sent', attempt: 2 },
    ]);
  });
});
