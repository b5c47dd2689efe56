// Asks after each step whether what left was right, and after each slot whether somebody was left out. The product's
// tables say which run and delivery a mail belongs to; the model says the rest.

import { DAY, HOUR } from './history.js';
import {
  isDueThroughout,
  isReminded,
  isRightSlot,
  type Ledger,
  waitedThroughQuietTimes,
  type Window,
  wrongsOf,
  wrongsOfAll,
} from './invariants.js';
import type { Letter } from './letters.js';
import { addFact, type DeliveryModel, type PlatformModel, stateBefore, story } from './model.js';
import { NoticeAuditor } from './notices.js';
import type { PostOffice } from './post-office.js';
import { iso, type Scene, SKEW } from './scene.js';

type Known = Ledger & { isUndeliverable: boolean };

export class Auditor {
  private checkedRunsUntil = '00000000-0000-0000-0000-000000000000';
  /** People by run. */
  private readonly writtenTo = new Set<string>();
  private readonly notices: NoticeAuditor;
  /** Of each platform: deliveries whose links may live. */
  private readonly open = new Map<PlatformModel, Set<DeliveryModel>>();

  constructor(
    private readonly scene: Scene,
    private readonly post: PostOffice,
  ) {
    this.notices = new NoticeAuditor(scene, post);
  }

  handedOver(delivery: DeliveryModel): void {
    this.openOf(delivery.platform).add(delivery);
  }

  /** Of what has left since the last time. */
  async check(): Promise<void> {
    const letters = this.post.collect();
    await this.checkDispatches(letters.filter(({ messageId }) => messageId.startsWith('<dispatch-')));
    const isReminder = ({ messageId }: Letter): boolean => /^<reminder-(?!notice-)/.test(messageId);
    await this.checkReminders(letters.filter(isReminder));
    await this.notices.check(letters.filter((one) => !isReminder(one) && !one.messageId.startsWith('<dispatch-')));
    await this.checkRuns();
  }

  private async checkReminders(letters: readonly Letter[]): Promise<void> {
    if (letters.length === 0) return;
    const ledgers = await this.ledgers(letters.map(({ messageId }) => messageId));
    for (const letter of letters) {
      const about = (ledgers.get(letter.messageId) ?? []).flatMap((ledger) => {
        const delivery = this.scene.deliveries.get(ledger.deliveryId);
        return delivery ? [{ ledger, delivery }] : [];
      });
      this.notices.reminded(
        letter,
        about[0]?.ledger.runId ?? '',
        about.map(({ delivery }) => delivery),
      );
      if (about.length === 0) this.scene.fail(`a reminder left that stands in no ledger: ${letter.messageId}`);
      else if (letter.outcome === 'refused')
        for (const { ledger, delivery } of about) this.checkRefused(letter, ledger, delivery);
      else this.checkLeft(letter, about);
    }
  }

  private checkRefused(letter: Letter, ledger: Known, delivery: DeliveryModel): void {
    this.scene.note('mails refused');
    if (ledger.isUndeliverable) addFact(delivery, { at: letter.judgedAt, kind: 'undeliverable', note: 'refused' });
    else if (!this.hasCrashedSince(letter.judgedAt))
      this.scene.fail(`a refused address was not noted\n${story(delivery)}`);
  }

  private checkLeft(letter: Letter, about: readonly { ledger: Known; delivery: DeliveryModel }[]): void {
    const [first] = about;
    if (!first) return;
    const named = about.map(({ delivery }) => delivery);
    const ofRun = `${first.ledger.slot} ${first.delivery.platform.id} ${first.delivery.personId}`;
    const ledgers = about.map(({ ledger }) => ledger);
    this.wrong(letter, first, wrongsOfAll(letter, ledgers, named, this.writtenTo.has(ofRun)));
    this.writtenTo.add(ofRun);
    for (const one of about) {
      const { ledger, delivery } = one;
      const recipient = `${delivery.personId}@example.org`;
      this.wrong(letter, one, [
        ...wrongsOf(letter, ledger, delivery, named, recipient),
        ...this.wrongsOfAsking(letter, ledger, delivery),
      ]);
    }
    for (const { ledger, delivery } of about)
      addFact(delivery, {
        at: letter.judgedAt,
        kind: 'left',
        messageId: letter.messageId,
        slot: ledger.slot,
        note: ledger.trigger,
      });
    this.scene.note('mails that left');
    this.scene.note('reminders that left', about.length);
    if (about.length > 1) this.scene.note('mails about several');
    if (waitedThroughQuietTimes(letter, first.ledger, first.delivery.platform))
      this.scene.note('mails that waited when quiet times began');
    if (letter.outcome === 'no-answer') this.scene.note('mails without an answer');
    if (first.ledger.trigger === 'made-up') this.scene.note('mails of made-up runs');
    if (letter.text.includes('This is the last reminder')) this.scene.note('last reminders');
  }

  private wrong(letter: Letter, about: { ledger: Known; delivery: DeliveryModel }, wrongs: readonly string[]): void {
    const { ledger, delivery } = about;
    if (wrongs.length > 0)
      this.scene.fail(
        `${letter.messageId}, judged ${iso(letter.judgedAt)}, left ${iso(letter.leftAt)}, run ${ledger.trigger} of slot ${iso(ledger.slot)} made ${iso(ledger.runMadeAt)}: ${wrongs.join('; ')}\n${story(delivery)}`,
      );
  }

  /** Each run, and who reminds by hand, asks whether the data are still there before it sends. */
  private wrongsOfAsking(letter: Letter, ledger: Ledger, delivery: DeliveryModel): string[] {
    const asked = (this.post.asked.get(delivery.uploadId) ?? []).filter(
      ({ at }) => at >= ledger.runMadeAt - SKEW && at <= letter.judgedAt,
    );
    if (asked.length === 0) return ['nobody asked whether its data are still there'];
    const gone = asked.find(({ isThere }) => !isThere);
    return gone && gone.at < letter.judgedAt && !this.hasCrashedSince(gone.at) ? ['its data were gone'] : [];
  }

  /** Of each letter the reminders in it: those that were judged away before it left are not. */
  private async ledgers(messageIds: readonly string[]): Promise<Map<string, Known[]>> {
    const found = await this.scene.source.query<
      (Omit<Known, 'slot' | 'runMadeAt' | 'chosenAt' | 'chosenAgainAt' | 'isConfirmed'> & {
        slot: Date;
        runMadeAt: Date;
        chosenAt: Date;
        chosenAgainAt: Date | null;
      })[]
    >(
      `select r.message_id as "messageId", r.run_id as "runId", r.delivery_id as "deliveryId", n.slot, n.trigger, n.created_at as "runMadeAt",
              r.created_at as "chosenAt",
              (select min(again.created_at)
                 from reminder again
                 join reminder_run later on later.id = again.run_id
                where again.delivery_id = r.delivery_id
                  and later.slot > n.slot) as "chosenAgainAt",
              array(select extract(epoch from unsure.tried_at)::float8 * 1000
                      from reminder unsure
                     where unsure.delivery_id = r.delivery_id
                       and unsure.id <> r.id
                       and unsure.state = 'unknown') as unknowns,
              d.undeliverable_at is not null as "isUndeliverable"
         from reminder r
         join reminder_run n on n.id = r.run_id
         join delivery d on d.id = r.delivery_id
        where r.message_id = any($1)
          and r.state <> 'skipped'
        order by r.id`,
      [messageIds],
    );
    const ledgers = new Map<string, Known[]>();
    for (const one of found) {
      const known = ledgers.get(one.messageId) ?? [];
      ledgers.set(one.messageId, known);
      known.push({
        ...one,
        slot: one.slot.getTime(),
        runMadeAt: one.runMadeAt.getTime(),
        chosenAt: one.chosenAt.getTime(),
        chosenAgainAt: one.chosenAgainAt?.getTime() ?? Infinity,
        isConfirmed: this.scene.confirmed.get(one.deliveryId)?.has(one.runMadeAt.getTime()) ?? false,
      });
    }
    return ledgers;
  }

  /** The links of a renewed delivery live from the hand-over that the product recorded: one that really was. */
  private async checkDispatches(letters: readonly Letter[]): Promise<void> {
    if (letters.length === 0) return;
    const found = await this.scene.source.query<{ id: string; at: Date | null; expiresAt: Date | null }[]>(
      'select id, handed_over_at as at, expires_at as "expiresAt" from delivery where id = any($1)',
      [letters.map(({ messageId }) => messageId.slice('<dispatch-'.length, '<dispatch-'.length + 36))],
    );
    for (const { id, at, expiresAt } of found) {
      const delivery = this.scene.deliveries.get(id);
      if (!delivery || !at || !expiresAt || stateBefore(delivery, Infinity).handedOverAt !== null) continue;
      if (!letters.some(({ messageId, writtenFor }) => messageId.includes(id) && writtenFor === at.getTime()))
        this.scene.fail(`a dispatch was recorded that did not leave at that moment\n${story(delivery)}`);
      this.scene.deeds.recordHandOver(delivery, at.getTime(), expiresAt.getTime());
      this.scene.note('renewed links');
    }
  }

  private async checkRuns(): Promise<void> {
    const made = await this.scene.source.query<
      { id: string; platform: string; slot: Date; trigger: string; at: Date }[]
    >(
      `select id, platform_id as platform, slot, trigger, created_at as at from reminder_run where id > $1 order by id`,
      [this.checkedRunsUntil],
    );
    for (const { id, platform: platformId, trigger, slot, at } of made) {
      this.checkedRunsUntil = id;
      this.scene.note(`runs ${trigger}`);
      const platform = this.scene.platforms.find((one) => one.id === platformId);
      // One by hand is a moment later than the newest there is.
      const soonest = this.scene.clock.at + SKEW + (trigger === 'by-hand' ? 1_000 : 0);
      if (slot.getTime() > soonest || at.getTime() > this.scene.clock.at + SKEW)
        this.scene.fail(`a run for ${slot.toISOString()} was made before any clock showed that`);
      if (trigger === 'by-hand' || !platform || isRightSlot(platform, slot.getTime(), at.getTime())) continue;
      this.scene.fail(
        `a run of ${platform.name} for ${slot.toISOString()}, made ${at.toISOString()}, is of no slot that was due`,
      );
    }
  }

  /** Was everybody reminded who was due through the whole window? */
  async judge(window: Window): Promise<void> {
    this.scene.note('windows judged');
    const open = this.openOf(window.platform);
    const missed: DeliveryModel[] = [];
    for (const delivery of open) {
      const { expiresAt } = stateBefore(delivery, window.slot);
      if (expiresAt !== null && expiresAt < window.slot - DAY) open.delete(delivery);
      if ((this.scene.deeds.goneSince.get(delivery.uploadId) ?? Infinity) <= window.until) continue;
      if (!isDueThroughout(delivery, window)) continue;
      this.scene.note('deliveries due through a window');
      if (!isReminded(delivery, window)) missed.push(delivery);
    }
    if (missed.length > 0) await this.explain(window, missed);
  }

  /** A reminder that may have left when a server died is a recorded reason; so is one just before, for its spacing. */
  private async explain(window: Window, missed: readonly DeliveryModel[]): Promise<void> {
    const since = window.slot - window.policy.minimumSpacing - 3 * SKEW;
    const found = await this.scene.source.query<
      {
        id: string;
        state: string;
        triedAt: Date | null;
        messageId: string | null;
        slot: Date;
        reason: string | null;
        mail: unknown;
      }[]
    >(
      `select r.delivery_id as id, r.state, r.tried_at as "triedAt", m.message_id as "messageId", n.slot, r.reason,
              case when r.state = 'pending' then
                jsonb_build_object('run', n.state, 'mail', m.state, 'next', m.next_attempt_at, 'attempt', m.attempt,
                                   'leaseEnds', m.lease_until - now(), 'since', m.handing_over_since, 'reason', m.reason)
              end as mail
         from reminder r
         join reminder_run n on n.id = r.run_id
         left join mail_outbox m on m.subject_id in (r.id, r.digest_id)
        where r.delivery_id = any($1)
        order by n.slot`,
      [missed.map(({ id }) => id)],
    );
    for (const delivery of missed) {
      const own = found.filter(({ id }) => id === delivery.id);
      const unknown = own.flatMap(({ state, triedAt, messageId }) =>
        state === 'unknown' &&
        triedAt !== null &&
        this.post.ended.has(messageId ?? '') &&
        this.hasCrashedSoonAfter(triedAt.getTime())
          ? [triedAt.getTime()]
          : [],
      );
      if (unknown.some((at) => at > since || window.policy.maximum !== null)) {
        this.scene.note('left out because a reminder may have left');
        continue;
      }
      const ledger = own.map(
        ({ slot, state, reason, mail }) =>
          `${iso(slot.getTime())} ${state} ${reason ?? ''}${mail === null ? '' : JSON.stringify(mail)}`,
      );
      this.scene.fail(
        `${delivery.id} of ${window.platform.name} was left out, due from ${iso(window.slot)} to ${iso(window.until)}; its ledger: ${ledger.join(', ') || 'empty'}\n${story(delivery)}`,
      );
    }
  }

  /** After a time with everything up nothing is left that waits, but for the end of quiet hours and closed days. */
  async checkEnds(): Promise<void> {
    const left = await this.scene.source.query<{ what: string; count: number }[]>(
      `with put_off as materialized (
            select r.id, r.run_id
              from reminder r
              join mail_outbox m on m.subject_id in (r.id, r.digest_id)
             where r.state = 'pending'
               and m.state = 'pending'
               and m.next_attempt_at > $1)
       select 'put off' as what, count(*)::int as count from put_off
        union all
       select 'runs', count(*)::int
         from reminder_run
        where state in ('pending', 'selecting', 'sending')
          and id not in (select run_id from put_off)
        union all
       select 'reminders', count(*)::int from reminder where state = 'pending' and id not in (select id from put_off)
        union all
       select 'mails', count(*)::int
         from mail_outbox
        where state = 'sending'
           or (state = 'pending' and next_attempt_at <= $1)`,
      [new Date(this.scene.clock.at)],
    );
    const [{ count: putOff } = { count: 0 }] = left.splice(0, 1);
    if (putOff > 0) this.scene.note('put off when the time was over', putOff);
    for (const { what, count } of left) if (count > 0) this.scene.fail(`${count} ${what} never came to an end`);
    await this.notices.checkEnds();
    const ends = await this.scene.source.query<{ state: string; reason: string | null; count: number }[]>(
      `select state, reason, count(*)::int as count from reminder group by state, reason`,
    );
    for (const { state, reason, count } of ends)
      this.scene.note(`ended ${state}${reason === null ? '' : ` (${reason})`}`, count);
  }

  private hasCrashedSince(moment: number): boolean {
    return (this.scene.crashes.at(-1) ?? -Infinity) >= moment;
  }

  private hasCrashedSoonAfter(moment: number): boolean {
    return this.scene.crashes.some((crash) => crash >= moment - SKEW && crash <= moment + 6 * HOUR);
  }

  private openOf(platform: PlatformModel): Set<DeliveryModel> {
    const known = this.open.get(platform) ?? new Set();
    this.open.set(platform, known);
    return known;
  }
}
