import { AppError, InvalidFields } from '../../http/index.js';
import type { LimitFault } from './limits.rules.js';

/** What was asked for would be allowed later. */
export class LimitReached extends AppError {
  static override readonly code = 'shareable-limit';
  static override readonly status = 429;
  static override readonly title = 'A limit of this upload shareable is reached';
  constructor(
    override readonly errors: readonly { path: string; message: string }[],
    override readonly retryAfterSeconds: number,
  ) {
    super(
      `${errors.map(({ message }) => message.charAt(0).toUpperCase() + message.slice(1)).join('. ')}. Try again later, or ask the administrators to raise the limit.`,
    );
  }
}

/** 422 where waiting does not help, 429 where it does. */
export const refusalOf = (faults: readonly LimitFault[], retryAfterSeconds: number): AppError => {
  const errors = faults.map(({ path, message }) => ({ path, message }));
  return faults.every(({ passes }) => passes) ? new LimitReached(errors, retryAfterSeconds) : new InvalidFields(errors);
};
