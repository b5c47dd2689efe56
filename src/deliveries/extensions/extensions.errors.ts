import { AppError } from '../../http/index.js';

/** Somebody asks again soon after a request was declined. */
export class AskedTooSoon extends AppError {
  static override readonly code = 'asked-too-soon';
  static override readonly status = 429;
  static override readonly title = 'Asked again too soon';
  constructor(
    readonly contact: string,
    override readonly retryAfterSeconds: number,
  ) {
    super(`A request for more time was declined in the last day. Please ask ${contact}.`);
  }
}
