// What never stands in a log: passwords in addresses, tokens, keys, e-mail addresses.

const RULES: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi, '$1***@'],
  [/\bBearer\s+\S+/gi, 'Bearer ***'],
  [/\/(s|u)\/[\w-]{20,}/g, '/$1/***'],
  [/([?&](?:_?token|_skey)=)[^&\s"]+/gi, '$1***'],
  [/<(password|token)>[^<]*<\/\1>/gi, '<$1>***</$1>'],
  [/[^\s<>"'()[\],;:=]+@[^\s<>"'()[\],;:=]+\.[^\s<>"'()[\],;:=]+/g, '***@***'],
];

/** The text without secrets and addresses. */
export const redact = (text: string): string =>
  RULES.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
