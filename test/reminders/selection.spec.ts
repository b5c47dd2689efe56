// The statements that preview, select and check a last time agree with the rule, reason included, for every state there
// can be.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { AccessStore } from '../../src/access/access.store.js';
import { SecretKeys } from '../../src/auth/index.js';
import { rows, Transactions } from '../../src/database/index.js';
import { DeliveriesStore, DeliveryLinks, unmarkDelivery } from '../../src/deliveries/index.js';
import { PublicAddress } from '../../src/http/index.js';
import { Ids } from '../../src/ids/index.js';
import type { ClaimedMail } from '../../src/mail/index.js';
import { findPlatform, type Platform } from '../../src/platforms/index.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { decideReminder, type Policy } from '../../src/reminders/eligibility.rules.js';
import { ReminderClaimsStore } from '../../src/reminders/reminder-claims.store.js';
import { RunsStore } from '../../src/reminders/runs.store.js';
import { type Selection, SelectionStore } from '../../src/reminders/selection.store.js';
import { Clock, durationMs } from '../../src/time/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertMany, makePlatform } from '../support/make.js';
import { atHour, candidatesAt, found, mailRow, nextId, putIn, randomStates, type StateOfDelivery } from './states.js';

const UPLOADS = process.env['DISPATCH_TEST_LONG'] ? 20_000 : 1_000;
const PAGE = 150;
const REASONS = [
  'accessed',
  'done',
  'enough',
  'expired',
  'gone',
  'in-progress',
  'not-sent',
  'null',
  'opted-out',
  'revoked',
  'superseded',
  'too-soon',
  'too-young',
  'undeliverable',
];

const address = new PublicAddress('http://localhost');
const runs = new RunsStore(new Ids());
const selection = new SelectionStore(address);
const candidates = new CandidatesStore();

let database: TestDatabase;
let platforms: Platform[];
let states: StateOfDelivery[];

beforeAll(async () => {
  database = await createDatabase();
  const { dataSource } = database;
  const ids = [
    await makePlatform(dataSource, { reminder_maximum: 2 }),
    await makePlatform(dataSource, { reminder_minimum_age: 'PT1S', reminder_minimum_spacing: 'PT6H' }),
    await makePlatform(dataSource, { reminder_minimum_spacing: 'P3D', reminder_minimum_age: 'P2D' }),
  ];
  platforms = await Promise.all(ids.map(async (id) => found(await findPlatform(dataSource.manager, id))));
  states = randomStates(ids, UPLOADS, 7);
  await putIn(dataSource, states);
  await recordAccesses();
  for (const { id } of states.filter(({ wasDone }) => wasDone)) await unmarkDelivery(dataSource.manager, id, 'done_at');
}, 600_000);
afterAll(() => database.close());

function deliveriesStore(): DeliveriesStore {
  const keys = new SecretKeys([randomBytes(32)]);
  const links = new DeliveryLinks(keys, address, new Transactions(database.dataSource), new Clock());
  return new DeliveriesStore(new Ids(), links, address, new Clock());
}

/** By the product, so that what an access silences is under test as well. */
async function recordAccesses(): Promise<void> {
  const store = new AccessStore(new Ids(), deliveriesStore());
  for (const one of states)
    for (const { at, counts } of one.accesses)
      await store.record(
        database.dataSource.manager,
        { ...one, notifyOnAccess: false },
        { method: 'direct', phase: 'attempted', counts, at },
      );
}

const MOMENTS = [0, 5, 12, 20, 33].map((day) => atHour(day * 24));

describe('for random states', () => {
  it('the preview tells the reason of the rule for every delivery', async () => {
    const told = new Set<string>();
    for (const now of MOMENTS) {
      const expected = expectedAt(now, true);
      for (const platform of platforms) {
        const page = (isDue: boolean) =>
          candidates.page(database.dataSource.manager, platform, now, isDue, undefined, 1_000_000);
        const all = [...(await page(true)), ...(await page(false))];
        expect(new Map(all.map(({ id, reason }) => [id, reason]))).toEqual(ofPlatform(expected, platform));
        for (const { reason } of all) told.add(String(reason));
      }
    }
    // The states are varied enough that every reason was met.
    expect([...told].sort()).toEqual(REASONS);
  });

  it('a run chooses exactly those that the rule reminds', async () => {
    for (const now of MOMENTS) {
      const expected = expectedAt(now, false);
      for (const platform of platforms) {
        await inVain(async (tx) => {
          const runId = found(await runs.create(tx, { platformId: platform.id, slot: now, trigger: 'scheduled', now }));
          await selectAll(tx, { runId, platform, judgedAt: now, now });
          const ledger: unknown[] = await tx.query(
            `select r.delivery_id, r.state, m.state as mail, m.not_after, m.next_attempt_at, m.person_id,
                    m.message_id = r.message_id as is_same
               from reminder r
               join mail_outbox m on m.kind = 'reminder' and m.subject_id = r.id
              where r.run_id = $1
              order by r.delivery_id`,
            [runId],
          );
          const due = [...ofPlatform(expected, platform)].filter(([, reason]) => reason === null).map(([id]) => id);
          expect(ledger).toEqual(
            due.sort().map((id) => {
              const one = stateOf(id);
              const expiresAt = found(one.expiresAt);
              return {
                delivery_id: id,
                state: 'pending',
                mail: 'pending',
                not_after: expiresAt,
                next_attempt_at: now,
                person_id: one.personId,
                is_same: true,
              };
            }),
          );
        });
      }
    }
  });

  it('the last check before hand-over claims exactly those that the rule reminds, and tells the reason of the others', async () => {
    const store = new ReminderClaimsStore();
    for (const now of MOMENTS) {
      const expected = expectedAt(now, false);
      await inVain(async (tx) => {
        const mails = await claimedMails(tx, now);
        const told = new Map<string, string | null>();
        for (let from = 0; from < mails.length; from += PAGE)
          for (const { deliveryId, because } of await store.claim(tx, 'reminder', mails.slice(from, from + PAGE), now))
            told.set(found(deliveryId), because);
        expect(told).toEqual(expected);
        const [marked] = await rows<{ ids: string[] | null }>(
          tx,
          `select array_agg(subject_id order by subject_id) as ids from mail_outbox where handing_over_since = $1 and lease_until < '2100-01-01'`,
          [now],
        );
        const going = mails
          .filter((mail) => expected.get(stateOfReminder(mail)) === null)
          .map((mail) => mail.subjectId);
        expect(marked?.ids ?? []).toEqual(going.sort());
      });
    }
  });

  it('a person who reminds by hand is told what the rule is asked about', async () => {
    const now = found(MOMENTS[3]);
    const expected = candidatesAt(states, now, false);
    for (const { id, expiresAt } of states.slice(0, 300))
      if (expiresAt) expect(await candidates.lock(database.dataSource.manager, id, now)).toEqual(expected.get(id));
  });
});

/** Of a reminder to every delivery there is, in a new run of each platform. */
async function claimedMails(tx: EntityManager, now: Date): Promise<ClaimedMail[]> {
  const runOf = new Map<string, string>();
  for (const { id } of platforms)
    runOf.set(id, found(await runs.create(tx, { platformId: id, slot: now, trigger: 'scheduled', now })));
  const reminders = states.map(({ id, platformId }) => ({
    id: nextId(),
    run_id: runOf.get(platformId),
    delivery_id: id,
    state: 'pending',
    message_id: nextId(),
    created_at: now,
  }));
  const mails = states.map(({ personId }, index) => mailRow(found(reminders[index]).id, personId, now));
  deliveryOf = new Map(reminders.map((reminder) => [reminder.id, reminder.delivery_id]));
  await insertMany(tx, 'reminder', reminders);
  await insertMany(tx, 'mail_outbox', mails);
  return mails.map((mail) => ({
    id: mail.id,
    kind: mail.kind,
    subjectId: mail.subject_id,
    personId: mail.person_id,
    messageId: mail.message_id,
    atMostOnce: true,
    attempt: 1,
    failedTries: 0,
    notAfter: null,
  }));
}

let deliveryOf = new Map<string, string>();
const stateOfReminder = (mail: ClaimedMail): string => deliveryOf.get(mail.subjectId) ?? '';

/** As a run does, in pages. */
async function selectAll(tx: EntityManager, wanted: Selection): Promise<void> {
  for (let left = await selection.left(tx, wanted); left > 0; left = await selection.left(tx, wanted)) {
    let chosen = 0;
    for (let isFull = true; isFull;) {
      const page = await selection.page(tx, wanted, PAGE);
      chosen += page.chosen;
      ({ isFull } = page);
    }
    expect(chosen).toBe(left);
  }
}

/** The rule's answer for every delivery. */
function expectedAt(now: Date, isPreview: boolean): Map<string, string | null> {
  const policies = new Map(platforms.map((platform) => [platform.id, policyOf(platform)]));
  const all = candidatesAt(states, now, isPreview);
  return new Map(
    states.map(({ id, platformId }) => {
      const decision = decideReminder(found(all.get(id)), found(policies.get(platformId)), now, isPreview);
      return [id, decision.remind ? null : decision.because] as const;
    }),
  );
}

const policyOf = ({ reminders }: Platform): Policy => ({
  minimumAgeMs: durationMs(reminders.minimumAge),
  minimumSpacingMs: durationMs(reminders.minimumSpacing),
  maxReminders: reminders.maxReminders,
});

function ofPlatform(expected: ReadonlyMap<string, string | null>, platform: Platform): Map<string, string | null> {
  return new Map([...expected].filter(([id]) => stateOf(id).platformId === platform.id));
}

let byId = new Map<string, StateOfDelivery>();
function stateOf(id: string): StateOfDelivery {
  if (byId.size === 0) byId = new Map(states.map((one) => [one.id, one]));
  return found(byId.get(id));
}

class Undone extends Error {}

/** In a transaction that leaves nothing behind. */
async function inVain(work: (tx: EntityManager) => Promise<void>): Promise<void> {
  await database.dataSource
    .transaction(async (tx) => {
      await work(tx);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
}
