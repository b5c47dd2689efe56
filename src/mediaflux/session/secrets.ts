// Keeps a session's password, token and keys out of the errors that leave it, also where a server echoes them.

import { isMediafluxError } from '../protocol/index.js';
import type { Credentials } from './account.js';

const MASK = '******';
/** A session has had others before, and a late answer may name one. */
const KEYS_KEPT = 8;
/** A shorter secret is masked where it stands by itself: masked inside words, it would be told by what is left of them. */
const SHORT = 6;

export class Secrets {
  private readonly fixed: readonly RegExp[];
  private keys: readonly RegExp[] = [];

  constructor(credentials: Credentials) {
    // A password that is the user's name is no secret, and a mask in place of the name would tell it.
    const isName = 'password' in credentials && [credentials.user, credentials.domain].includes(credentials.password);
    const secret = 'token' in credentials ? credentials.token : credentials.password;
    this.fixed = secret === '' || isName ? [] : [patternOf(secret)];
  }

  addKey(key: string): void {
    this.keys = [...this.keys, patternOf(key)].slice(-KEYS_KEPT);
  }

  /** The error itself, with its texts and those of its causes masked. Errors that are not ours hold no text of a server's. */
  maskIn(error: unknown): unknown {
    if (!isMediafluxError(error)) return error;
    const masked = (text: string): string =>
      [...this.fixed, ...this.keys].reduce((left, pattern) => left.replace(pattern, MASK), text);
    for (let at: unknown = error, depth = 0; hasTexts(at) && depth < 10; at = at.cause, depth += 1) {
      for (const part of ['message', 'stack'] as const) {
        const text = at[part];
        // Some errors of the platform have a message that cannot be set; none of them holds a secret.
        if (typeof text === 'string' && masked(text) !== text) at[part] = masked(text);
      }
      if (isMediafluxError(at)) at.causes = at.causes.map(masked);
    }
    return error;
  }
}

const hasTexts = (error: unknown): error is Error =>
  typeof (error as { message?: unknown } | null)?.message === 'string';

const IN_XML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;|&#34;',
  "'": '&apos;|&#39;',
};

/** As it is, and as it stands in XML and in an address. */
function patternOf(secret: string): RegExp {
  const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const inText = literal(secret).replace(/[&<>"']/g, (character) => `(?:${IN_XML[character] ?? ''}|${character})`);
  const inAddress = literal(new URLSearchParams({ s: secret }).toString().slice('s='.length));
  const any = `(?:${inText}|${inAddress})`;
  return secret.length < SHORT
    ? new RegExp(`(?<![\\p{L}\\p{N}])${any}(?![\\p{L}\\p{N}])`, 'gu')
    : new RegExp(any, 'gu');
}
