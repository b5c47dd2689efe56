// Why a form of the copy method is shown again. Its status is the one that programs get for the same.

import type { AppError } from '../../http/index.js';
import type { Words } from '../../language/index.js';
import { LinkGone } from '../../auth/index.js';
import { troubleIn } from './trouble.js';

export interface FormTrouble {
  said: string;
  status: number;
  /** Sent as `Retry-After`. */
  retryAfterSeconds?: number | undefined;
}

/** A form with what was typed and what is wrong. */
export interface FormAgain {
  page: string;
  trouble: FormTrouble;
}

/** What the person can mend in the form itself. */
export const mistyped = (said: string): FormTrouble => ({ said, status: 422 });

/** @throws the error where no form helps: nothing is there (any more) */
export function formTrouble(words: Words, error: AppError): FormTrouble {
  const { status } = error.kind;
  if (error instanceof LinkGone || status === 404) throw error;
  return { said: troubleIn(words, error), status, retryAfterSeconds: error.retryAfterSeconds };
}
