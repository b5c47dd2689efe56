// Which language a page speaks: what was asked for on it, else what the person chose for their mails, else what the
// browser names, else the platform's. What is not supported is passed over.

export interface LanguageWishes {
  /** `?lang=`. */
  asked?: unknown;
  /** Chosen by, or for, the person. */
  person?: string | null;
  /** The header `Accept-Language` (RFC 9110 12.5.4). */
  accept?: string | undefined;
  platform?: string | undefined;
}

/** @returns undefined when none of the wishes is supported */
export function chooseLanguage<L extends string>(wishes: LanguageWishes, supported: readonly L[]): L | undefined {
  const known = (text: unknown): L | undefined => supported.find((language) => language === text);
  return (
    known(wishes.asked) ?? known(wishes.person) ?? accepted(wishes.accept ?? '', supported) ?? known(wishes.platform)
  );
}

/** Readers of traditional characters are not given simplified ones unless they name them. */
const TRADITIONAL = /^zh-(?:hant|tw|hk|mo)\b/i;
const LONGEST_HEADER = 1_000;

function accepted<L extends string>(header: string, supported: readonly L[]): L | undefined {
  const ranges = header
    .slice(0, LONGEST_HEADER)
    .split(',')
    .map((part, index) => {
      const [range = '', ...parameters] = part.trim().split(/\s*;\s*/);
      const quality = /^q=([01](?:\.\d{0,3})?)$/i.exec(parameters.find((text) => /^q=/i.test(text)) ?? 'q=1')?.[1];
      return { range, quality: Number(quality ?? 0), index };
    })
    .filter(({ quality, range }) => quality > 0 && !TRADITIONAL.test(range))
    .sort((left, right) => right.quality - left.quality || left.index - right.index);
  for (const { range } of ranges) {
    const [primary = ''] = range.toLowerCase().split('-');
    const found = supported.find((language) => language === primary);
    if (found !== undefined) return found;
  }
  return undefined;
}
