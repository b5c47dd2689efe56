// What never stands in a log: passwords in addresses, tokens, keys, e-mail addresses.

const RULES: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi, '$1***@'],
  [/\bBearer\s+\S+/gi, 'Bearer ***'],
  [/\/(s|u)\/[\w-]{20,}/g, '/$1/***'],
  [/([?&](?:_?token|_skey)=)[^&\s"]+/gi, '$1***'],
  [/<(password|token)>[^<]*<\/\1>/gi, '<$1>***</$1>'],
  // Tokens and session keys of this system and of Mediaflux, wherever an error repeats them: long, of letters of either
  // case, and unlike names in code, which are words.
  [/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*(?:\d|[A-Z]{2}|[A-Z][a-z][A-Z][a-z]?[A-Z]))[\w-]{24,}/g, '***'],
  [/[^\s<>"'()[\],;:=]+@[^\s<>"'()[\],;:=]+\.[^\s<>"'()[\],;:=]+/g, '***@***'],
];

/** The text without secrets and addresses. */
export const redact = (text: string): string =>
  RULES.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
