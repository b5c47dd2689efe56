// What a person is told of an error, in the page's language. Errors of access bring their sentence; of the rest only the
// kind matters to a person.

import { AskedTooOften, TooManyGuesses } from '../../auth/index.js';
import { AskedTooSoon } from '../../deliveries/index.js';
import { type AppError, Unavailable } from '../../http/index.js';
import type { Words } from '../../language/index.js';
import { CopyNotPossible, CopyNotResumable, MethodNotOffered, OnlyByButton, TooManyTries } from '../access.errors.js';

export function troubleIn(words: Words, error: AppError): string {
  if (
    error instanceof CopyNotPossible ||
    error instanceof CopyNotResumable ||
    error instanceof MethodNotOffered ||
    error instanceof TooManyTries
  )
    return words.tell(error.sentence);
  if (error instanceof TooManyGuesses) return words.say('trouble.tooManyGuesses', { seconds: error.retryAfterSeconds });
  if (error instanceof AskedTooOften) return words.say('trouble.tooOften', { seconds: error.retryAfterSeconds });
  if (error instanceof AskedTooSoon) return words.say('trouble.askedTooSoon', { contact: error.contact });
  if (error instanceof OnlyByButton) return words.say('trouble.onlyByButton');
  if (error instanceof Unavailable) return words.say('trouble.unavailable');
  if (error.kind.status === 404) return words.say('trouble.nothingHere');
  return words.say('trouble.request');
}
