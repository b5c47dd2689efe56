// Mails to operators about uploads that nothing comes for. None of them holds a link.

import { Injectable } from '@nestjs/common';
import { row, type Tx } from '../database/index.js';
import { type Words, wordsFor } from '../language/index.js';
import type { ComposedMail, MailKind, QueuedMail } from '../mail/index.js';
import { durationMs } from '../time/index.js';
import { plainMail } from './operator-mails.js';

interface StalledFacts {
  folder: string;
  state: string;
  host: string | null;
  lastProgressAt: Date;
  isTold: boolean;
  stallLimit: string;
  platform: string;
  language: string;
  contactName: string;
  contactEmail: string;
}

const factsOf = (tx: Tx, uploadId: string): Promise<StalledFacts | undefined> =>
  row<StalledFacts>(
    tx,
    `select u.folder, u.state, u.client_host as host, u.last_progress_at as "lastProgressAt",
            coalesce(u.stall_told_at >= u.last_progress_at, false) as "isTold", p.stall_limit as "stallLimit",
            p.name as platform, p.language, p.contact_name as "contactName", p.contact_email as "contactEmail"
       from upload u
       join platform p on p.id = u.platform_id
      where u.id = $1`,
    [uploadId],
  );

const placeOf = (words: Words, facts: StalledFacts): string[] => [
  words.fact(words.say('data.folder'), facts.folder),
  ...(facts.host === null ? [] : [words.fact(words.say('stalling.from'), facts.host)]),
];

/** When nothing has come for an upload for as long as its platform says. The subject is the upload. */
@Injectable()
export class UploadStallingMail implements MailKind {
  readonly kind = 'upload-stalling';

  async compose(tx: Tx, mail: QueuedMail, now: Date): Promise<ComposedMail | { skip: string }> {
    const facts = await factsOf(tx, mail.subjectId);
    if (!facts?.isTold || !['open', 'mismatch'].includes(facts.state)) return { skip: 'goes-on' };
    const { platform, folder } = facts;
    const words = wordsFor(facts.language);
    return plainMail(words, facts, words.say('stalling.subject', { platform, folder }), [
      words.say('stalling.text', {
        since: words.timeLeft(facts.lastProgressAt, now),
        limit: lengthOf(words, facts.stallLimit),
      }),
      ...placeOf(words, facts),
    ]);
  }
}

/** When an upload was given up because nothing came for it. The subject is the upload. */
@Injectable()
export class UploadStalledMail implements MailKind {
  readonly kind = 'upload-stalled';

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const facts = await factsOf(tx, mail.subjectId);
    if (facts?.state !== 'abandoned') return { skip: 'taken-up-again' };
    const { platform, folder } = facts;
    const words = wordsFor(facts.language);
    return plainMail(words, facts, words.say('stalled.subject', { platform, folder }), [
      words.say('stalled.text', { after: lengthOf(words, facts.stallLimit) }),
      ...placeOf(words, facts),
    ]);
  }
}

/** A duration in words: `7 days`. */
const lengthOf = (words: Words, duration: string): string =>
  words.timeLeft(new Date(0), new Date(durationMs(duration)));
