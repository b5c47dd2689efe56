// Mails about uploads that do not go on: nothing comes for them, or they cannot be verified. None of them holds a link.

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

interface FailingFacts extends StalledFacts {
  failures: number;
  trouble: string | null;
}

/** When the verification of an upload does not come to its end. The subject is the upload. */
@Injectable()
export class VerificationFailingMail implements MailKind {
  readonly kind = 'verification-failing';

  async compose(tx: Tx, mail: QueuedMail, now: Date): Promise<ComposedMail | { skip: string }> {
    const facts = await row<FailingFacts>(
      tx,
      `select u.folder, u.state, u.client_host as host, u.last_progress_at as "lastProgressAt",
              u.verification_told_at is not null as "isTold", u.verification_failures as failures,
              u.verification_trouble as trouble, p.stall_limit as "stallLimit", p.name as platform, p.language,
              p.contact_name as "contactName", p.contact_email as "contactEmail"
         from upload u
         join platform p on p.id = u.platform_id
        where u.id = $1`,
      [mail.subjectId],
    );
    if (!facts?.isTold || facts.state !== 'verifying') return { skip: 'goes-on' };
    const { platform, folder, failures, trouble } = facts;
    const words = wordsFor(facts.language);
    return plainMail(words, facts, words.say('verificationFailing.subject', { platform, folder }), [
      words.say('verificationFailing.text', { since: words.timeLeft(facts.lastProgressAt, now), failures }),
      ...placeOf(words, facts),
      ...(trouble === null ? [] : [words.fact(words.say('verificationFailing.trouble'), trouble)]),
      words.say('verificationFailing.what'),
    ]);
  }
}

/** A duration in words: `7 days`. */
const lengthOf = (words: Words, duration: string): string =>
  words.timeLeft(new Date(0), new Date(durationMs(duration)));
