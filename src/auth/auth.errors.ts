// Refusals of callers. They never repeat what was sent.

import { AppError } from '../http/index.js';
import type { MoreTime } from './callers.js';

export class KeyNeeded extends AppError {
  static override readonly code = 'key-needed';
  static override readonly status = 401;
  static override readonly title = 'A key is needed';
  constructor() {
    super('Send `Authorization: Bearer KEY` with a key that is valid here.');
  }
}

/** An expired, revoked or vanished delivery's link; `contact` is whom to ask. */
export class LinkGone extends AppError {
  static override readonly code = 'link-gone';
  static override readonly status = 410;
  static override readonly title = 'This link is no longer valid';
  constructor(
    readonly contact: { name: string; email: string },
    readonly languages: { person: string | null; platform: string },
    /** Set where more time can be asked for. */
    readonly moreTime: MoreTime | null = null,
    /** The same person was sent a newer link to the same data. */
    readonly isReplaced = false,
  ) {
    const newer = isReplaced ? 'A newer one was sent by mail to the same address; use that one, or ask' : 'Please ask';
    super(`This link is no longer valid. ${newer} ${contact.name} (${contact.email}).`);
  }
}

export class LinkUnknown extends AppError {
  static override readonly code = 'link-unknown';
  static override readonly status = 404;
  static override readonly title = 'This link is not known';
  constructor() {
    super('This link is not known here. Was it copied whole?');
  }
}

/** An ended link, again and again. */
export class AskedTooOften extends AppError {
  static override readonly code = 'asked-too-often';
  static override readonly status = 429;
  static override readonly title = 'Asked too often';
  constructor(override readonly retryAfterSeconds: number) {
    super(`This link has ended, and was asked for too often; wait ${retryAfterSeconds} seconds.`);
  }
}

export class TooManyGuesses extends AppError {
  static override readonly code = 'too-many-unknown-links';
  static override readonly status = 429;
  static override readonly title = 'Too many unknown links';
  constructor(override readonly retryAfterSeconds: number) {
    super(`Too many links that are not known here came from this network; wait ${retryAfterSeconds} seconds.`);
  }
}
