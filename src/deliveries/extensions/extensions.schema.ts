import { z } from 'zod';
import { pageQuery } from '../../http/index.js';
import { duration } from '../../platforms/index.js';

export const listExtensionRequests = pageQuery.extend({ state: z.enum(['open', 'granted', 'declined']).optional() });
export type ListExtensionRequests = z.infer<typeof listExtensionRequests>;

/** The platform's present lifetime where none is given. */
export const grantExtension = z.strictObject({ linkLifetime: duration.optional() }).meta({ id: 'GrantExtension' });
export type GrantExtension = z.infer<typeof grantExtension>;

export const declineExtension = z
  .strictObject({ reason: z.string().trim().min(1).max(1_000).nullable().optional() })
  .meta({ id: 'DeclineExtension' });
export type DeclineExtension = z.infer<typeof declineExtension>;
