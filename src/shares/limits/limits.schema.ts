// The limits as the API takes them.

import { z } from 'zod';
import { parseAddress } from '../../persons/index.js';

/** A domain as it is compared, or undefined when it is none. */
export function normalDomain(text: string): string | undefined {
  const [, stars = '', name = ''] = /^(\*\.)?(.*)$/u.exec(text.trim().replace(/^@/, '')) ?? [];
  const address = parseAddress(`x@${name}`);
  return address && `${stars}${address.key.slice(2)}`;
}

const aDay = z
  .number()
  .int('must be a whole number')
  .min(1, 'must be at least 1; revoke the shareable to stop it')
  .max(1_000_000, 'must be at most 1000000')
  .nullable();

const domain = z.string().transform((text, context) => {
  const normal = normalDomain(text);
  if (normal !== undefined) return normal;
  context.addIssue({
    code: 'custom',
    message: 'must be a domain, such as example.org, or *.example.org for all below it',
  });
  return z.NEVER;
});

export const limitFields = z
  .strictObject({
    uploadsPerDay: aDay,
    recipientsPerDay: aDay,
    recipientDomains: z
      .array(domain)
      .min(1, 'must name at least one domain; null is no limit')
      .max(100, 'must name at most 100 domains')
      .transform((domains) => [...new Set(domains)])
      .nullable(),
  })
  .partial();
