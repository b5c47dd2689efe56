// The state of a delivery: the first that holds. Contract "Administrator".

export type DeliveryState = 'revoked' | 'gone' | 'pending' | 'expired' | 'accessed' | 'open';

export interface DeliveryMoments {
  revokedAt: Date | null;
  goneAt: Date | null;
  /** Null until its mail was handed over. */
  expiresAt: Date | null;
  accessedAt: Date | null;
}

export function deliveryState(delivery: DeliveryMoments, now: Date): DeliveryState {
  if (delivery.revokedAt) return 'revoked';
  if (delivery.goneAt) return 'gone';
  if (!delivery.expiresAt) return 'pending';
  if (now >= delivery.expiresAt) return 'expired';
  return delivery.accessedAt ? 'accessed' : 'open';
}

/** Until when a transfer that began before expiry may go on while it makes progress. */
export const TRANSFER_GRACE_MS = 7 * 86_400_000;

/** A transfer without progress for so long is no longer under way. */
export const STALE_AFTER_MS = 86_400_000;
