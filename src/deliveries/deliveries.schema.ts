import { z } from 'zod';
import { LANGUAGES } from '../language/index.js';
import { duration, emailAddress, mailTexts } from '../platforms/index.js';

export const reshare = z
  .strictObject({
    recipient: emailAddress,
    linkLifetime: duration.optional(),
    /** Of mails to this person from now on, of other deliveries too. */
    language: z.enum(LANGUAGES).optional(),
  })
  .meta({ id: 'Reshare' });
export type Reshare = z.infer<typeof reshare>;

/** Texts in place of the platform's, and the language of the mail; the platform's if left out. */
export const mailPreview = z
  .strictObject({ mail: mailTexts, language: z.enum(LANGUAGES) })
  .partial()
  .meta({ id: 'MailPreview' });
export type MailPreview = z.infer<typeof mailPreview>;

export const extendDelivery = z.strictObject({ linkLifetime: duration }).meta({ id: 'ExtendDelivery' });
export type ExtendDelivery = z.infer<typeof extendDelivery>;

export const correctRecipient = z.strictObject({ recipient: emailAddress }).meta({ id: 'CorrectRecipient' });
export type CorrectRecipient = z.infer<typeof correctRecipient>;
