// Waits for a fact, never for a time.

import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** The first answer that is not undefined; `false` would be one, so it is none that may be given. @throws Error naming what was waited for */
export async function until<T extends object | string | number | true | null>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = 60_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`Waited ${withinMs} ms for this, and it did not come: ${what}.`);
    await delay(LOOK_EVERY_MS);
  }
}
