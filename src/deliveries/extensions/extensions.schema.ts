import { z } from 'zod';
import { pageQuery, shownPage, typedText } from '../../http/index.js';
import { duration } from '../../platforms/index.js';

export const listExtensionRequests = pageQuery.extend({ state: z.enum(['open', 'granted', 'declined']).optional() });
export type ListExtensionRequests = z.infer<typeof listExtensionRequests>;

/** The platform's present lifetime where none is given. */
export const grantExtension = z.strictObject({ linkLifetime: duration.optional() }).meta({ id: 'GrantExtension' });
export type GrantExtension = z.infer<typeof grantExtension>;

export const declineExtension = z
  .strictObject({ reason: typedText('lines').trim().min(1).max(1_000).nullable().optional() })
  .meta({ id: 'DeclineExtension' });
export type DeclineExtension = z.infer<typeof declineExtension>;

const text = z.string();

export const extensionRequest = z
  .object({
    id: text,
    deliveryId: text,
    uploadId: text,
    folder: text,
    platform: z.object({ id: text, name: text }),
    recipient: text,
    state: z.enum(['open', 'granted', 'declined']),
    reason: text.nullable(),
    linkLifetime: text.nullable().describe('Of a granted one.'),
    requestedAt: text,
    decidedAt: text.nullable(),
  })
  .meta({ id: 'ExtensionRequest' });
export type ShownExtensionRequest = z.infer<typeof extensionRequest>;

export const extensionRequestsPage = shownPage(extensionRequest).meta({ id: 'ExtensionRequests' });
export type ExtensionRequestsPage = z.infer<typeof extensionRequestsPage>;
