// What the reminders that were claimed are written from.

import type { Tx } from '../database/index.js';
import { fetchedFiles, findDeliveries } from '../deliveries/index.js';
import { nextSlot } from '../schedule/index.js';
import { isLast } from './eligibility.rules.js';
import type { ReminderClaim } from './reminder-claims.store.js';
import type { Reminded } from './reminder-letter.js';

/** Of those that go at `now`, by delivery. */
export async function remindedOf(tx: Tx, claims: readonly ReminderClaim[], now: Date): Promise<Map<string, Reminded>> {
  const going = claims.filter(({ because }) => because === null);
  const found = await findDeliveries(
    tx,
    going.flatMap(({ deliveryId }) => deliveryId ?? []),
  );
  const byId = new Map(found.map((facts) => [facts.id, facts]));
  const slots = new Map<string, Date | undefined>();
  const reminded = new Map<string, Reminded>();
  for (const { deliveryId, hasDownloads, platform } of going) {
    const facts = byId.get(deliveryId ?? '');
    if (!facts?.expiresAt || !platform) continue;
    const fetched = hasDownloads ? await fetchedFiles(tx, facts) : 0;
    const { id, timeZone, reminders } = platform;
    if (!slots.has(id)) slots.set(id, nextSlot({ schedule: reminders.schedule, timeZone }, now));
    const last = isLast(facts.expiresAt, slots.get(id));
    reminded.set(facts.id, { facts, expiresAt: facts.expiresAt, fetched, platform, isLast: last });
  }
  return reminded;
}
