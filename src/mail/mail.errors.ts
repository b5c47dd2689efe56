import { AppError } from '../http/index.js';

/** What was sent is no report, or none about a mail of ours. */
export class BounceRefused extends AppError {
  static override readonly code = 'bounce-refused';
  static override readonly status = 422;
  static override readonly title = 'This is no delivery report about a mail of this service';
}
