import { AppError } from '../http/index.js';

export class MethodNotOffered extends AppError {
  static override readonly code = 'method-not-offered';
  static override readonly status = 403;
  static override readonly title = 'This way is not offered';
  constructor(contact: string) {
    super(`The platform does not offer this way to fetch the data. Please use another one, or ask ${contact}.`);
  }
}

export class NotAsRecorded extends AppError {
  static override readonly code = 'not-as-recorded';
  static override readonly status = 422;
  static override readonly title = 'This does not fit the data';
}

export class TooManyTries extends AppError {
  static override readonly code = 'too-many-logons';
  static override readonly status = 429;
  static override readonly title = 'Too many refused logons';
  constructor(override readonly retryAfterSeconds: number) {
    super(
      `Too many logons for this account were refused; to keep it from being locked, wait ${Math.ceil(retryAfterSeconds / 60)} minutes.`,
    );
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
