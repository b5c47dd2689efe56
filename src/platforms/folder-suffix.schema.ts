// A suffix of a folder's name in what the API takes: cleaned, or refused with the rule.

import { z } from 'zod';
import { cleanSuffix, SUFFIX_RULE } from './folder-name.rules.js';

export const folderSuffix = z
  .string()
  .transform((text, context) => {
    const cleaned = cleanSuffix(text);
    if ('suffix' in cleaned) return cleaned.suffix;
    context.addIssue({ code: 'custom', message: SUFFIX_RULE });
    return z.NEVER;
  })
  .nullable();
