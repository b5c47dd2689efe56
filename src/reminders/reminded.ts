// What the reminders that were claimed are written from.

import type { Tx } from '../database/index.js';
import { fetchedFiles, findDeliveries } from '../deliveries/index.js';
import type { ReminderClaim } from './reminder-claims.store.js';
import type { Reminded } from './reminder-letter.js';

/** Of those that go, by delivery. */
export async function remindedOf(tx: Tx, claims: readonly ReminderClaim[]): Promise<Map<string, Reminded>> {
  const going = claims.filter(({ because }) => because === null);
  const found = await findDeliveries(
    tx,
    going.flatMap(({ deliveryId }) => deliveryId ?? []),
  );
  const byId = new Map(found.map((facts) => [facts.id, facts]));
  const reminded = new Map<string, Reminded>();
  for (const { deliveryId, hasDownloads, platform } of going) {
    const facts = byId.get(deliveryId ?? '');
    if (!facts?.expiresAt || !platform) continue;
    const fetched = hasDownloads ? await fetchedFiles(tx, facts) : 0;
    reminded.set(facts.id, { facts, expiresAt: facts.expiresAt, fetched, platform });
  }
  return reminded;
}
