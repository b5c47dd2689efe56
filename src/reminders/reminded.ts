// What the reminders that were claimed are written from.

import type { Tx } from '../database/index.js';
import { fetchedFiles, findDeliveries } from '../deliveries/index.js';
import { isLastOf, slotsOf } from './last-reminders.js';
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
  const slots = new Map<string, ReturnType<typeof slotsOf>>();
  const reminded = new Map<string, Reminded>();
  for (const { deliveryId, hasDownloads, platform, remindersSent } of going) {
    const facts = byId.get(deliveryId ?? '');
    if (!facts?.handedOverAt || !facts.expiresAt || !platform) continue;
    const fetched = hasDownloads ? await fetchedFiles(tx, facts) : 0;
    if (!slots.has(platform.id)) slots.set(platform.id, slotsOf(platform));
    const slotFrom = slots.get(platform.id);
    const { handedOverAt, expiresAt } = facts;
    const isLast = isLastOf(platform, { handedOverAt, expiresAt, remindersSent }, now, slotFrom);
    reminded.set(facts.id, { facts, expiresAt, fetched, platform, isLast });
  }
  return reminded;
}
