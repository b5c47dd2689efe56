// A pause between two looks, which ends early where nobody looks any more.

import { setTimeout as delay } from 'node:timers/promises';

/** Answers after so long, or as soon as `end` is aborted. */
export async function pause(milliseconds: number, end: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal: end }).catch((error: unknown) => {
    if (!end.aborted) throw error;
  });
}
