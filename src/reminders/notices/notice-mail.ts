// What operators read of a run, or of one reminder: who was reminded, of what, until when, and what failed and why. No
// link stands in it. Long lists are cut, and say so: the counts are always those of all.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../database/index.js';
import { listedMail } from '../../deliveries/index.js';
import { type Words, wordsFor } from '../../language/index.js';
import { type Composition, type MailKind, MailKinds, type QueuedMail } from '../../mail/index.js';
import { findPlatform, type Platform } from '../../platforms/index.js';
import { endingOf, notSentBecause } from './notice-reasons.js';
import { type NoticeCount, type NoticedRun, NoticesStore, type ToldReminder } from './notices.store.js';

/** Lines of each list in one mail. */
export const MOST_LISTED = 200;

type State = ToldReminder['state'];

const factsOf = ({ name, contact }: Platform) => ({
  platform: name,
  contactName: contact.name,
  contactEmail: contact.email,
});

const paragraph = (words: Words, run: NoticedRun): string[] =>
  run.target === 'fallback' ? [words.say('notice.fallback')] : [];

/** One for each run and address. The subject is the run. */
@Injectable()
export class NoticeMail implements MailKind, OnModuleInit {
  readonly kind = 'reminder-notice';

  constructor(
    @Inject(NoticesStore) private readonly notices: NoticesStore,
    @Inject(MailKinds) private readonly kinds: MailKinds,
  ) {}

  onModuleInit(): void {
    this.kinds.register(this);
  }

  async compose(tx: Tx, { subjectId, personId }: QueuedMail): Promise<Composition> {
    const run = await this.notices.run(tx, subjectId);
    const platform = run && (await findPlatform(tx, run.platformId));
    if (!platform) return { skip: 'gone' };
    const reader = { id: personId, isOfAll: run.target === 'project-metadata' };
    const counts = await this.notices.counts(tx, subjectId, reader.id, reader.isOfAll);
    const listed = async (state: State) => ({
      shown: await this.notices.listed(tx, subjectId, reader, state, MOST_LISTED),
      all: countOf(counts, state, state === 'skipped' ? 'expired' : undefined),
    });
    const lists = {
      failed: await listed('failed'),
      expired: await listed('skipped'),
      unknown: await listed('unknown'),
      sent: await listed('sent'),
    };
    if (Object.values(lists).every(({ all }) => all === 0)) return { skip: 'nothing-to-tell' };
    return write(wordsFor(platform.language), platform, subjectId, run, counts, lists);
  }
}

interface List {
  shown: readonly ToldReminder[];
  all: number;
}

const countOf = (counts: readonly NoticeCount[], state: State, reason?: string): number =>
  counts
    .filter((one) => one.state === state && (reason === undefined || one.reason === reason))
    .reduce((sum, { count }) => sum + count, 0);

function write(
  words: Words,
  platform: Platform,
  runId: string,
  run: NoticedRun,
  counts: readonly NoticeCount[],
  { failed, expired, unknown, sent }: Record<'failed' | 'expired' | 'unknown' | 'sent', List>,
): Composition {
  const line = (one: ToldReminder, reason: string | undefined): string => {
    const { recipient, folder, expiresAt } = one;
    const what =
      expiresAt === null
        ? words.say('notice.sentWithoutEnd', { recipient, folder })
        : words.say('notice.sent', { recipient, folder, until: words.instant(expiresAt, platform.timeZone) });
    return reason === undefined ? what : words.say('notice.failed', { what, reason });
  };
  const list = (heading: string, { shown, all }: List, lines: readonly string[]): (string | string[])[] =>
    all === 0
      ? []
      : [heading, [...lines, ...(all > shown.length ? [words.say('notice.more', { count: all - shown.length })] : [])]];
  const notSent = { shown: [...failed.shown, ...expired.shown], all: failed.all + expired.all };
  const leftOut = counts.filter(({ state, reason }) => state === 'skipped' && reason !== 'expired');
  const isCut = [failed, expired, unknown, sent].some(({ shown, all }) => all > shown.length);
  return listedMail(
    words,
    factsOf(platform),
    words.say('notice.subject', {
      platform: platform.name,
      sent: sent.all,
      failed: notSent.all,
      unknown: unknown.all,
    }),
    [
      words.say('notice.run', {
        slot: words.instant(run.slot, platform.timeZone),
        sent: sent.all,
        failed: notSent.all,
        unknown: unknown.all,
      }),
      ...paragraph(words, run),
      ...list(
        words.say('notice.notSent'),
        notSent,
        notSent.shown.map((one) => line(one, notSentBecause(words, one))),
      ),
      ...list(
        words.say('notice.unknown'),
        unknown,
        unknown.shown.map((one) => line(one, undefined)),
      ),
      ...list(
        words.say('notice.intro'),
        sent,
        sent.shown.map((one) => line(one, undefined)),
      ),
      ...(leftOut.length === 0
        ? []
        : [
            words.say('notice.leftOut'),
            leftOut.map(({ reason, count }) =>
              words.say('notice.leftOutLine', { why: endingOf(words, reason), count }),
            ),
          ]),
      ...(isCut ? [words.say('notice.whole', { run: runId })] : []),
    ],
  );
}

/** One for each reminder and address. The subject is the reminder. */
@Injectable()
export class SingleNoticeMail implements MailKind, OnModuleInit {
  readonly kind = 'reminder-notice-single';

  constructor(
    @Inject(NoticesStore) private readonly notices: NoticesStore,
    @Inject(MailKinds) private readonly kinds: MailKinds,
  ) {}

  onModuleInit(): void {
    this.kinds.register(this);
  }

  async compose(tx: Tx, { subjectId, personId }: QueuedMail): Promise<Composition> {
    const told = await this.notices.one(tx, subjectId, personId);
    const platform = told && (await findPlatform(tx, told.platformId));
    if (!platform) return { skip: 'nothing-to-tell' };
    const words = wordsFor(platform.language);
    const { recipient, folder, expiresAt } = told;
    const outcome = told.state === 'skipped' ? 'failed' : told.state;
    return listedMail(
      words,
      factsOf(platform),
      words.say(`notice.single.subject.${outcome}`, { platform: platform.name, recipient, folder }),
      [
        words.say(`notice.single.text.${outcome}`, { recipient }),
        ...(outcome === 'failed' ? [words.fact(words.say('notice.single.reason'), notSentBecause(words, told))] : []),
        words.fact(words.say('data.folder'), folder),
        ...(expiresAt === null
          ? []
          : [words.fact(words.say('data.until'), words.instant(expiresAt, platform.timeZone))]),
        ...paragraph(words, told),
      ],
    );
  }
}
