// What an address of a person looks like and when two are the same person. The shape is checked with care only for
// what would break a mail or a header; whether it exists is for the mail server to say.

/** Neither what would break a header nor what cannot be seen: format characters (zero-width, direction) and half a pair. */
const LOCAL = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}\p{Cs}\p{Cn}]{1,64}$/u;
const DOMAIN_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;

export interface Address {
  /** As it is mailed to: trimmed, composed (NFC), domain in lower case and ASCII form. */
  address: string;
  /** Equal for addresses that are taken as one person: all in lower case. */
  key: string;
}

/** The address in its normal form, or undefined when `text` has not the shape of one. */
export function parseAddress(text: string): Address | undefined {
  // Copied from a mail or a page, an address may bring signs that nobody sees.
  const trimmed = text
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .trim()
    .normalize('NFC');
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || trimmed.length > 254) return undefined;
  const local = trimmed.slice(0, at);
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (
    domain === undefined ||
    !LOCAL.test(local) ||
    local.startsWith('.') ||
    local.endsWith('.') ||
    local.includes('..')
  ) {
    return undefined;
  }
  const address = `${local}@${domain}`;
  return { address, key: address.toLowerCase() };
}

function asciiDomain(text: string): string | undefined {
  const labels = text.split('.');
  if (labels.length < 2 || !labels.every((label) => DOMAIN_LABEL.test(label))) return undefined;
  const ascii = URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`).hostname : '';
  return /[a-z]/.test(ascii) ? ascii : undefined;
}
