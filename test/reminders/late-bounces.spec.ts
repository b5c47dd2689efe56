// A report, or a refusal, about a mail whose delivery has got a new link and a new mail meanwhile says nothing of these:
// the address may have been mended. Real PostgreSQL, real sockets, set time.

import { describe, expect, it } from '@jest/globals';
import type { MailKind, QueuedMail } from '../../src/mail/index.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');
const RENEWED_AT = later(NOW, 30);

const stage = stageAt(NOW);

/** Two deliveries to one person, of which the first ends before `RENEWED_AT`, and the mail that has reminded of them. */
async function reminded(isDigest: boolean): Promise<{ due: [Due, Due]; mail: QueuedMail; kind: MailKind }> {
  const platformId = await stage.makePlatform({ reminder_digest: isDigest });
  const first = await stage.makeDue(platformId, 24);
  const second = await stage.makeDueTo(first.personId, platformId, 100);
  await stage.select(platformId);
  await stage.send();
  const mail = await lastMailOf(first);
  const kind = stage.kinds.of(mail.kind);
  if (!kind) throw new Error('Nobody sends such mails.');
  expect(mail.kind).toBe(isDigest ? 'reminder-digest' : 'reminder');
  expect(await stage.ends(first)).toEqual(['sent, mail sent']);
  return { due: [first, second], mail, kind };
}

/** The last one that has reminded of the delivery. */
async function lastMailOf({ id }: Due): Promise<QueuedMail> {
  const [mail] = await stage.query<QueuedMail>(
    `select m.id, m.kind, m.subject_id as "subjectId", m.person_id as "personId", m.message_id as "messageId"
       from mail_outbox m
       join reminder r on m.subject_id in (r.id, r.digest_id)
      where r.delivery_id = $1
      order by r.tried_at desc
      limit 1`,
    [id],
  );
  if (!mail) throw new Error('No mail has reminded of the delivery.');
  return mail;
}

/** As extending an expired delivery does: a new link and a new mail, which is handed over. */
async function renew({ id }: Due, isHandedOver = true): Promise<void> {
  stage.clock.at = RENEWED_AT;
  await stage.database.dataSource.transaction((tx) => stage.deliveries.renewLink(tx, id, 'P30D'));
  if (isHandedOver) await stage.send();
}

const bounced = ({ mail, kind }: { mail: QueuedMail; kind: MailKind }) =>
  stage.database.dataSource.transaction(async (tx) => kind.bounced?.(tx, mail, stage.clock.at));

async function undeliverable(due: readonly Due[]): Promise<boolean[]> {
  const found = await stage.query<{ id: string; at: Date | null }>(
    'select id, undeliverable_at as at from delivery where id = any($1)',
    [due.map(({ id }) => id)],
  );
  return due.map(({ id }) => found.some((one) => one.id === id && one.at !== null));
}

describe('a report about a reminder', () => {
  it.each([
    ['before anything was renewed marks the delivery', false, [true, false]],
    ['of several, before anything was renewed, marks all that it named', true, [true, true]],
  ])('%s', async (_, isDigest, marked) => {
    const sent = await reminded(isDigest);
    expect(await bounced(sent)).toBe(true);
    expect(await undeliverable(sent.due)).toEqual(marked);
  });

  it.each([
    ['that comes after the new link’s mail', true],
    ['that comes while the new link’s mail is waiting', false],
  ])('%s says nothing of the new link', async (_, isHandedOver) => {
    const sent = await reminded(false);
    await renew(sent.due[0], isHandedOver);
    expect(await bounced(sent)).toBe(false);
    expect(await undeliverable(sent.due)).toEqual([false, false]);
  });

  it('of several says nothing of those that were renewed, and marks the others', async () => {
    const sent = await reminded(true);
    await renew(sent.due[0]);
    expect(await bounced(sent)).toBe(true);
    expect(await undeliverable(sent.due)).toEqual([false, true]);
  });

  it('that went after the renewal marks the delivery', async () => {
    const sent = await reminded(false);
    await renew(sent.due[0]);
    stage.clock.at = later(RENEWED_AT, 48);
    const platformId = (
      await stage.query<{ id: string }>('select platform_id as id from delivery where id = $1', [sent.due[0].id])
    )[0]?.id;
    await stage.select(platformId ?? '');
    await stage.send();
    const mail = await lastMailOf(sent.due[0]);
    expect(mail.id).not.toBe(sent.mail.id);
    expect(await bounced({ ...sent, mail })).toBe(true);
    expect((await undeliverable(sent.due))[0]).toBe(true);
  });
});

describe('a refusal of a reminder', () => {
  /** As it is while the mail server is spoken to. */
  const pending = ({ due }: { due: readonly Due[] }) =>
    stage.query(`update reminder set state = 'pending', tried_at = null, sent_at = null where delivery_id = any($1)`, [
      due.map(({ id }) => id),
    ]);
  const refused = ({ mail, kind }: { mail: QueuedMail; kind: MailKind }, at: Date) =>
    stage.database.dataSource.transaction(async (tx) => kind.refused?.(tx, mail, '550 No such user', at));

  it.each([
    ['alone', false, [true, false]],
    ['of several', true, [true, true]],
  ])('%s marks what it named', async (_, isDigest, marked) => {
    const sent = await reminded(isDigest);
    await pending(sent);
    await refused(sent, NOW);
    expect(await undeliverable(sent.due)).toEqual(marked);
    expect(await stage.ends(sent.due[0])).toEqual(['failed 550 No such user, mail sent']);
  });

  it.each([
    ['alone', false, [false, false]],
    ['of several', true, [false, true]],
  ])('%s that was spoken of before a renewal says nothing of the new link', async (_, isDigest, marked) => {
    const sent = await reminded(isDigest);
    await pending(sent);
    await renew(sent.due[0]);
    await refused(sent, NOW);
    expect(await undeliverable(sent.due)).toEqual(marked);
  });
});
