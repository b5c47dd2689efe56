// What the folder of an upload is called: `<date>_<time>-<ID>-<N>-<platform suffix>-<user suffix>`. Product rule
// "Words, upload". The name is never parsed back; its parts are kept as fields.

import { DateTime } from 'luxon';

const LONGEST_SUFFIX = 64;
const SUFFIX = /^[\p{L}\p{M}\p{Nd}._-]+$/u;

export type Suffix = { suffix: string } | { refused: string };

/** Said to whoever typed a suffix that cannot be used. */
export const SUFFIX_RULE =
  'may hold letters and digits of any script, ".", "_" and "-", at most 64 of them, not beginning with "." or "-"; white space becomes "_"';

/** The suffix as it stands in a folder's name, or why it cannot. */
export function cleanSuffix(text: string): Suffix {
  const suffix = text.trim().normalize('NFC').replace(/\s+/gu, '_');
  const fits = SUFFIX.test(suffix) && [...suffix].length <= LONGEST_SUFFIX && !/^[.-]/.test(suffix);
  return fits ? { suffix } : { refused: SUFFIX_RULE };
}

export interface FolderParts {
  youngestFileAt: Date;
  /** The platform's zone. */
  timeZone: string;
  shareableNumber: number;
  /** Null in a preview, before one is taken: `N` stands for it. */
  useNumber: number | null;
  /** Cleaned already. */
  platformSuffix: string | null;
  userSuffix: string | null;
}

/** Unique by shareable number and use number; date and time are those of the youngest file in the platform's zone. */
export function folderName(parts: FolderParts): string {
  const moment = DateTime.fromJSDate(parts.youngestFileAt, { zone: parts.timeZone }).toFormat('yyyy-MM-dd_HH.mm.ss');
  return [moment, parts.shareableNumber, parts.useNumber ?? 'N', parts.platformSuffix, parts.userSuffix]
    .filter((part) => part !== null)
    .join('-');
}
