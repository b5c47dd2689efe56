// Why a connection cannot be tried.

import { AppError } from '../../http/index.js';

export class TooManyTrials extends AppError {
  static override readonly code = 'too-many-trials';
  static override readonly status = 429;
  static override readonly title = 'Too many trials of this upload shareable';
  constructor(
    because: string,
    override readonly retryAfterSeconds: number,
  ) {
    super(`${because}; try again in ${retryAfterSeconds} seconds.`);
  }
}

/** The server itself may not do in Mediaflux what an upload needs. */
export class PlatformNotReady extends AppError {
  static override readonly code = 'platform-not-ready';
  static override readonly status = 409;
  static override readonly title = 'Mediaflux is not ready for this platform';
  static override readonly logLevel = 'warn';
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
  }
}
