// Reminders that have been judged and have not left yet: while they wait for a connection to the mail server, while it
// stalls, while the last note about them is being committed, and while another run of the platform chooses. Real
// PostgreSQL, real sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { PARALLEL_HAND_OVERS } from '../../src/mail/mail-transport.js';
import { HeldRows } from '../support/held-rows.js';
import type { Conversation, Step } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
let platformId: string;

beforeEach(async () => {
  platformId = await stage.makePlatform();
});

describe('a reminder that was judged and waits for a connection', () => {
  /** All are judged, and one waits, because the others keep all connections busy. */
  async function oneWaits(): Promise<{ waiting: Due; others: Due[]; named: string[]; sending: Promise<void> }> {
    const all: Due[] = [];
    for (let number = 0; number <= PARALLEL_HAND_OVERS; number += 1) all.push(await stage.makeDue(platformId, 24));
    await stage.select(platformId);
    const named: string[] = [];
    stage.server.at = (step: Step, { to }: Conversation) => {
      if (step !== 'RCPT') return undefined;
      named.push(to);
      return 'silence';
    };
    const sending = stage.send();
    await until('the mail server kept busy', () => named.length === PARALLEL_HAND_OVERS || undefined);
    await until('all judged', async () => {
      const [found] = await stage.query<{ all: boolean }>(
        'select bool_and(handing_over_since is not null) as all from mail_outbox',
      );
      return found?.all || undefined;
    });
    const waiting = all.find(({ recipient }) => !named.includes(recipient));
    if (!waiting) throw new Error('No reminder waits.');
    return { waiting, others: all.filter((one) => one !== waiting), named, sending };
  }

  it('is judged again when that took long: data that were fetched meanwhile are not reminded of', async () => {
    const { waiting, others, sending } = await oneWaits();
    const judged = performance.now();
    await stage.query('update delivery set accessed_at = $2 where id = $1', [waiting.id, NOW]);
    await until('what was judged having aged', () => performance.now() - judged > 2_000 || undefined);
    stage.server.at = () => undefined;
    stage.server.say('250 2.1.5 Ok');
    await sending;
    await stage.send();
    expect([stage.server.to(waiting.recipient), await stage.ends(waiting)]).toEqual([
      [],
      ['skipped accessed, mail skipped'],
    ]);
    for (const { recipient } of others) expect(stage.server.to(recipient)).toHaveLength(1);
  });

  it('is not even begun when its links have ended meanwhile', async () => {
    const { waiting, others, named, sending } = await oneWaits();
    stage.clock.at = later(NOW, 24);
    stage.server.at = (step, { to }) => {
      if (step === 'RCPT') named.push(to);
      return undefined;
    };
    stage.server.say('250 2.1.5 Ok');
    await sending;
    expect(named).not.toContain(waiting.recipient);
    for (const one of [waiting, ...others])
      expect([stage.server.to(one.recipient), await stage.ends(one)]).toEqual([[], ['skipped expired, mail skipped']]);
  });
});

describe('a reminder whose content has left, while it is noted that its end is sent now', () => {
  it.each([
    ['is held back when its links end meanwhile', 24, 0, 'skipped expired, mail skipped'],
    ['goes when they do not', 23, 1, 'sent, mail sent'],
  ])('%s', async (_, hours, mails, end) => {
    const due = await stage.makeDue(platformId, 24);
    await stage.select(platformId);
    let isNamed = false;
    stage.server.at = (step) => {
      if (step !== 'RCPT') return undefined;
      isNamed = true;
      return 'silence';
    };
    const sending = stage.send();
    await until('the recipient named', () => isNamed || undefined);
    const held = await HeldRows.hold(stage.database.url, 'select id from mail_outbox', []);
    stage.server.at = () => undefined;
    stage.server.say('250 2.1.5 Ok');
    await held.areWaitedFor();
    stage.clock.at = later(NOW, hours);
    await held.release();
    await sending;
    expect([stage.server.to(due.recipient).length, await stage.ends(due)]).toEqual([mails, [end]]);
  });
});

describe('an older run that chooses after a newer one', () => {
  it.each([false, true])('leaves the newer one its reminders; one mail for a person: %s', async (isDigest) => {
    await stage.query('update platform set reminder_digest = $2 where id = $1', [platformId, isDigest]);
    const due = await stage.makeDue(platformId, 200);
    const other = { ...due, ...(await stage.makeDue(platformId, 300, { person_id: due.personId })) };
    stage.clock.at = later(NOW, 1);
    await stage.select(platformId, 'by-hand');
    // As a run does that waited for Mediaflux.
    stage.clock.at = NOW;
    await stage.select(platformId);
    stage.clock.at = later(NOW, 2);
    await stage.send();
    expect(stage.server.to(due.recipient)).toHaveLength(isDigest ? 1 : 2);
    for (const one of [due, other])
      expect(await stage.ends(one)).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
  });
});

describe('a reminder that the mail server puts off again and again while the end of the links comes near', () => {
  /** Tried so often that its pauses are an hour long, and put off once more. */
  async function putOff(hours: number): Promise<{ due: Due; nextAt: Date }> {
    const due = await stage.makeDue(platformId, hours);
    await stage.select(platformId);
    await stage.query('update mail_outbox set failed_tries = 9');
    stage.server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    stage.server.at = () => undefined;
    const [mail] = await stage.query<{ at: Date }>('select next_attempt_at as at from mail_outbox');
    if (!mail) throw new Error('The mail is gone.');
    return { due, nextAt: mail.at };
  }

  it.each([1, 0.5, 0.01])('is tried again before that, and goes: %f hours are left', async (hours) => {
    const { due, nextAt } = await putOff(hours);
    expect(nextAt.getTime()).toBeGreaterThan(NOW.getTime());
    expect(nextAt.getTime()).toBeLessThan(later(NOW, hours).getTime());
    stage.clock.at = nextAt;
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
  });

  it('is tried no more often than others where they live on', async () => {
    const { nextAt } = await putOff(100);
    expect(nextAt).toEqual(later(NOW, 1));
  });
});
