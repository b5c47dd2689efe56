// Every kind of mail is registered by the feature that sends it: the outbox knows only ids, and asks here whether a
// mail may still go and what it says.

import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/index.js';

export interface QueuedMail {
  id: string;
  kind: string;
  /** What the mail is about, as its kind knows. */
  subjectId: string;
  personId: string;
  /** With its angle brackets. */
  messageId: string;
}

/** A mail that a worker holds by a lease. */
export interface ClaimedMail extends QueuedMail {
  atMostOnce: boolean;
  /** Which of its claims this is: what an earlier one says no longer counts. */
  attempt: number;
  /** How often the mail server would not take it, or it could not be written. */
  failedTries: number;
  notAfter: Date | null;
}

export interface ComposedMail {
  subject: string;
  html: string;
  text: string;
  /** Shown beside the sender's address. */
  fromName?: string;
  replyTo?: { name: string; address: string };
  headers?: Record<string, string>;
  /** An iCalendar object, attached. */
  calendar?: string;
  /** When what it is about ends, as it says; for who records its hand-over. */
  saysUntil?: Date;
  /** Not handed over at or after this moment. */
  notAfter?: Date;
  /** After that it is judged again, because part of it may still go. */
  isJudgedAgain?: boolean;
}

export type Composition = ComposedMail | { skip: string };

/** Why it does not go, or to whom and how it is written. */
export type HandOverClaim = { skip: string } | { recipient: string; write: () => ComposedMail };

export interface HandedOverMail {
  mail: QueuedMail;
  /** The `now` that it was written at. */
  at: Date;
  saysUntil?: Date | undefined;
}

export interface MailKind {
  kind: string;
  /** May it still go at `now`, and what does it say? Committed before the mail server is spoken to. */
  compose?(tx: Tx, mail: QueuedMail, now: Date): Promise<Composition>;
  /**
   * In place of `compose`, for mails that may have ceased to be wanted: one statement judges them at `now` and marks
   * those that may go with `HANDING_OVER`, so that nothing comes between. Answers how each is written, by its id, or why
   * it does not go; those that are no longer ours are left out. It alone decides, whatever their `notAfter`.
   */
  claim?(tx: Tx, mails: readonly ClaimedMail[], now: Date): Promise<Map<string, HandOverClaim>>;
  /**
   * Reads for many mails at once what they are written from, and answers how each is written, by its id. Only for kinds
   * that may be repeated and that write nothing when they are composed.
   */
  composeMany?(tx: Tx, mails: readonly QueuedMail[], now: Date): Promise<Map<string, () => Composition>>;
  /** In the transaction that records the hand-over; `at` is the `now` that `compose` was given. */
  handedOver?(tx: Tx, mail: QueuedMail, at: Date): Promise<void>;
  /**
   * In place of it, where one statement is enough: SQL that changes data and reads the mails that were handed over from
   * `handed_over` (`id`, `subject_id` and `at`, the `now` that each was judged at). It sees the database as it was
   * before the statement.
   */
  recordHandOver?: string;
  /** The same for many mails at once, with what each says of its end. */
  handedOverMany?(tx: Tx, mails: readonly HandedOverMail[]): Promise<void>;
  skipped?(tx: Tx, mail: QueuedMail, reason: string): Promise<void>;
  /** It may or may not have arrived at `at`; only mails that go at most once end so. */
  unknown?(tx: Tx, mail: QueuedMail, at: Date): Promise<void>;
  /** The mail server refused this recipient for good. */
  refused?(tx: Tx, mail: QueuedMail, reason: string, at: Date): Promise<void>;
  /** The delivery that the mail is about, if it went to its recipient. */
  deliveryOf?(tx: Tx, mail: QueuedMail): Promise<string | undefined>;
  /** A mail server reported that it did not arrive and never will. False: that was known before. */
  bounced?(tx: Tx, mail: QueuedMail, at: Date): Promise<boolean>;
  /** A mail server reported that it gave the mail up, though not because of the address: this one will not arrive. */
  gaveUp?(tx: Tx, mail: QueuedMail): Promise<void>;
  /** It could not be written, however often it was tried. */
  failed?(tx: Tx, mail: QueuedMail, reason: string): Promise<void>;
}

@Injectable()
export class MailKinds {
  private readonly kinds = new Map<string, MailKind>();

  register(kind: MailKind): void {
    if (this.kinds.has(kind.kind)) throw new Error(`The kind of mail ${kind.kind} is registered twice.`);
    if (!kind.compose && !kind.claim) throw new Error(`Mails of the kind ${kind.kind} have nothing to say.`);
    this.kinds.set(kind.kind, kind);
  }

  of(kind: string): MailKind | undefined {
    return this.kinds.get(kind);
  }
}
