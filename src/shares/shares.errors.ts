import { AppError } from '../http/index.js';

export class ShareEnded extends AppError {
  static override readonly code = 'share-ended';
  static override readonly status = 409;
  static override readonly title = 'This share has ended';
  constructor() {
    super('This was ended while a credential for it was being made; look at its state.');
  }
}

/** `contact` is the platform's public one, whom to ask. */
export class ShareableRevoked extends AppError {
  static override readonly code = 'shareable-revoked';
  static override readonly status = 401;
  static override readonly title = 'This upload shareable is revoked';
  constructor(contact: string) {
    super(
      `The upload shareable of this computer was revoked: nothing more can be started with it. Ask ${contact} for a new settings.xml.`,
    );
  }
}

export class TokenReplaced extends AppError {
  static override readonly code = 'token-replaced';
  static override readonly status = 401;
  static override readonly title = 'This token was replaced';
  constructor(contact: string) {
    super(
      `The token of this computer was replaced by a new one and no longer works. Ask ${contact} for the new settings.xml.`,
    );
  }
}
