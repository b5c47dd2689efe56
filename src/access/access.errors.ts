// Each is told to programs in English, and to people on pages in their language.

import { AppError, Conflict, InvalidFields } from '../http/index.js';
import { type Sentence, sentence, wordsFor } from '../language/index.js';

const english = (said: Sentence): string => wordsFor('en').tell(said);

export class MethodNotOffered extends AppError {
  static override readonly code = 'method-not-offered';
  static override readonly status = 403;
  static override readonly title = 'This way is not offered';
  readonly sentence: Sentence;
  constructor(contact: string) {
    const said = sentence('trouble.methodNotOffered', { contact });
    super(english(said));
    this.sentence = said;
  }
}

export class NotAsRecorded extends AppError {
  static override readonly code = 'not-as-recorded';
  static override readonly status = 422;
  static override readonly title = 'This does not fit the data';
}

/** Told to a program that was stopped before it heard so: there is nothing left to go on with. */
export class DownloadComplete extends AppError {
  static override readonly code = 'download-complete';
  static override readonly status = 409;
  static override readonly title = 'This download is complete';
  constructor() {
    super('This download is complete; start another one.');
  }
}

export class TooManyTries extends AppError {
  static override readonly code = 'too-many-logons';
  static override readonly status = 429;
  static override readonly title = 'Too many refused logons';
  readonly sentence: Sentence;
  constructor(override readonly retryAfterSeconds: number) {
    const said = sentence('trouble.tooManyLogons', { minutes: Math.ceil(retryAfterSeconds / 60) });
    super(english(said));
    this.sentence = said;
  }
}

/** A copy cannot start as it was asked for; `field` is at fault. */
export class CopyNotPossible extends InvalidFields {
  constructor(
    readonly field: 'token' | 'password' | 'logon' | 'destination',
    readonly sentence: Sentence,
  ) {
    super([{ path: field, message: english(sentence) }]);
  }
}

/** A copy that is under way, done, or ended for good takes no new logon. */
export class CopyNotResumable extends Conflict {
  readonly sentence: Sentence;
  constructor(said: Sentence) {
    super(english(said));
    this.sentence = said;
  }
}

/** A GET never starts, counts or says anything: mail scanners send it too. */
export class OnlyByButton extends AppError {
  static override readonly code = 'method-not-allowed';
  static override readonly status = 405;
  static override readonly title = 'This address takes POST only';
  override readonly allow = 'POST';
  constructor() {
    super('This address is behind a button: open the link from the mail and use the button there, or send a POST.');
  }
}
