// Why a reminder did not go, in words for operators.

import type { Words } from '../../language/index.js';
import { replyCodeIn } from '../../mail/index.js';
import type { ToldReminder } from './notices.store.js';

/** Of one that failed, or whose links ended first. */
export function notSentBecause(words: Words, { state, reason }: Pick<ToldReminder, 'state' | 'reason'>): string {
  if (state === 'skipped') return words.say('notice.reason.expired');
  const code = replyCodeIn(reason ?? '');
  return code === undefined ? words.say('notice.reason.unwritten') : words.say('notice.reason.refused', { code });
}

const ENDINGS = [
  'accessed',
  'done',
  'opted-out',
  'revoked',
  'gone',
  'undeliverable',
  'superseded',
  'in-progress',
  'too-soon',
  'enough',
  'newer-run',
  'reminders-off',
] as const;

/** Why one that was chosen ceased to be due; a reason that hardly occurs is not named. */
export function endingOf(words: Words, reason: string | null): string {
  const known = ENDINGS.find((one) => one === reason);
  return known === undefined ? words.say('notice.ending.other') : words.say(`notice.ending.${known}`);
}
