import { AppError } from '../http/index.js';

export class ShareEnded extends AppError {
  static override readonly code = 'share-ended';
  static override readonly status = 409;
  static override readonly title = 'This share has ended';
  constructor() {
    super('This was ended while a credential for it was being made; look at its state.');
  }
}
