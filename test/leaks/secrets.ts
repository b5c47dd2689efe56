// What must not be found, and finding it: as it is and in the forms that a text takes on its way through addresses, JSON,
// HTML, mails and databases.

import { createHash } from 'node:crypto';

export type SecretKind = 'address' | 'link' | 'credential' | 'password' | 'key';

export interface Secret {
  kind: SecretKind;
  /** What it is, so that a failing test does not have to print it. */
  label: string;
  value: string;
  /** Whose it is, where it is one person's. */
  owner?: string;
}

export class Secrets {
  readonly all: Secret[] = [];

  add(kind: SecretKind, label: string, value: string, owner?: string): void {
    if (value.length < 8) throw new Error(`${label} is too short to be told from other text.`);
    const known = this.all.find((secret) => secret.value === value);
    // What was overheard becomes somebody's when it is known whose it is.
    if (known) Object.assign(known, owner === undefined ? {} : { label, owner });
    else this.all.push({ kind, label, value, ...(owner === undefined ? {} : { owner }) });
  }

  of(...kinds: SecretKind[]): Secret[] {
    return this.all.filter(({ kind }) => kinds.includes(kind));
  }

  /** What is somebody's, but not `name`'s. */
  ofOthersThan(name: string): Secret[] {
    return this.all.filter(({ owner }) => owner !== undefined && owner !== name);
  }
}

/** A text of any kind and where it was found. */
export interface Text {
  where: string;
  text: string;
}

/** Each secret that stands in one of the texts, once, with where and in which form. */
export function leaksIn(texts: Iterable<Text>, secrets: readonly Secret[]): string[] {
  const forms = secrets.map((secret) => ({ secret, forms: formsOf(secret) }));
  const found = new Set<string>();
  for (const { where, text } of texts) {
    const folded = text.toLowerCase();
    for (const { secret, forms: all } of forms)
      for (const [form, value] of all)
        if (folded.includes(value)) {
          found.add(`${where}: ${secret.label}, ${form}`);
          break;
        }
  }
  return [...found];
}

/** In lower case, as the texts are searched: no form of 8 characters and more becomes another's by that. */
function formsOf({ kind, value }: Secret): [form: string, value: string][] {
  const bytes = Buffer.from(value);
  const percent = encodeURIComponent(value);
  const everyCharacter = (write: (code: number) => string): string =>
    [...value].map((letter) => (/[a-z0-9]/i.test(letter) ? letter : write(letter.codePointAt(0) ?? 0))).join('');
  const hex = (code: number): string => code.toString(16).padStart(2, '0');
  const forms: [string, string][] = [
    ['as it is', value],
    ['percent-encoded', percent],
    ['percent-encoded twice', encodeURIComponent(percent)],
    ['percent-encoded but for nothing', [...bytes].map((byte) => `%${hex(byte)}`).join('')],
    ['as a string of JSON', JSON.stringify(value).slice(1, -1)],
    ['escaped in JSON', everyCharacter((code) => `\\u${code.toString(16).padStart(4, '0')}`)],
    ['escaped in HTML', value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
    ['in numbers of HTML', everyCharacter((code) => `&#${code};`)],
    ['in hexadecimal numbers of HTML', everyCharacter((code) => `&#x${code.toString(16)};`)],
    ['quoted-printable', everyCharacter((code) => `=${hex(code)}`)],
    ['hexadecimal', bytes.toString('hex')],
    ...[0, 1, 2].flatMap((offset): [string, string][] => {
      const inside = base64Inside(bytes, offset);
      return [
        ['base64', inside],
        ['base64url', inside.replaceAll('+', '-').replaceAll('/', '_')],
      ];
    }),
  ];
  // Whoever guesses an address can see whether its bare hash is this one.
  if (kind === 'address') {
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    forms.push(['as its hash', hash(value)], ['as its hash', hash(value.toLowerCase())]);
  }
  return forms.map(([form, text]) => [form, text.toLowerCase()]);
}

/** What base64 makes of the bytes wherever they begin `offset` bytes into a group of three, whatever stands around them. */
function base64Inside(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const end = (offset + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
  return encoded.slice(offset === 0 ? 0 : offset + 1, end);
}
