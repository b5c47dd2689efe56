// Keeps a session's password, token and keys out of the errors that leave it, also where a server echoes them.

import { isMediafluxError, xml, writeXml } from '../protocol/index.js';
import type { Credentials } from './account.js';

const MASK = '******';
/** A session has had others before, and a late answer may name one. */
const KEYS_KEPT = 8;
/** A shorter secret is masked where it stands by itself: masked inside words, it would be told by what is left of them. */
const SHORT = 6;

export class Secrets {
  private readonly fixed: string[];
  private keys: string[] = [];

  constructor(credentials: Credentials) {
    // A password that is the user's name is no secret, and a mask in place of the name would tell it.
    const isName = 'password' in credentials && [credentials.user, credentials.domain].includes(credentials.password);
    this.fixed = 'token' in credentials ? [credentials.token] : isName ? [] : [credentials.password];
  }

  addKey(key: string): void {
    this.keys = [...this.keys.filter((known) => known !== key), key].slice(-KEYS_KEPT);
  }

  /** The error itself, with its texts and those of its causes masked. Errors that are not ours hold no text of a server's. */
  maskIn(error: unknown): unknown {
    if (!isMediafluxError(error)) return error;
    const patterns = [...this.fixed, ...this.keys].filter((secret) => secret !== '').map(patternOf);
    const masked = (text: string): string => patterns.reduce((left, pattern) => left.replace(pattern, MASK), text);
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

/** As it is, and as it stands in XML and in an address. */
function patternOf(secret: string): RegExp {
  const inXml = writeXml(xml('a', secret)).slice('<a>'.length, -'</a>'.length);
  const forms = [secret, inXml, encodeURIComponent(secret)].map((form) =>
    form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'),
  );
  const any = `(?:${[...new Set(forms)].join('|')})`;
  return secret.length < SHORT
    ? new RegExp(`(?<![\\p{L}\\p{N}])${any}(?![\\p{L}\\p{N}])`, 'gu')
    : new RegExp(any, 'gu');
}
