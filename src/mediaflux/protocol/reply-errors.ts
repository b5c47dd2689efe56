// The one table that recognises what a server's error means (reference 1.5). Classes come first; the sentences are the
// server's own, in English, as recorded.

import { childNamed, childrenNamed, textAt, type XmlElement } from './element.js';
import { MediafluxError, type MediafluxErrorKind } from './errors.js';

const BY_CLASS: readonly [RegExp, MediafluxErrorKind][] = [
  [/ExSessionInvalid$/, 'session-expired'],
  [/ExNotAuthorized$/, 'not-permitted'],
  [/ExNameExists$/, 'already-exists'],
  [/ExNotFound$|NotFoundException$/, 'not-found'],
];

const BY_MESSAGE: readonly [RegExp, MediafluxErrorKind][] = [
  [/session is not valid/i, 'session-expired'],
  [/^call to service 'system\.logon' failed/i, 'not-authenticated'],
  [/does not exist or is not accessible|does not exist|is not accessible/i, 'not-found'],
  [
    /not granted (?:ACCESS|MODIFY|ADMINISTER|[A-Z-]+) to|has not been granted|No permission to access|does not hold the/i,
    'not-permitted',
  ],
  [/already exists|already contains/i, 'already-exists'],
  [/XPath \S+ is invalid|document type '.*' (?:is not known|does not contain)|Syntax error/i, 'invalid-arguments'],
  [/quota|not enough space|store is full|no space/i, 'store-full'],
  [/maintenance mode|licen[cs]e/i, 'busy'],
];

/** The error in a reply of type `error`. */
export function errorOfReply(reply: XmlElement, service: string): MediafluxError {
  const chain = causeChain(reply);
  const whole = chain[0]?.message ?? '';
  const kind =
    chain.flatMap((cause) => cause.classes.flatMap((name) => matching(BY_CLASS, name)))[0] ??
    chain.flatMap((cause) => matching(BY_MESSAGE, cause.message))[0] ??
    'service-error';
  return new MediafluxError(kind, shortMessage(whole), {
    service,
    version: textAt(reply, 'server/version'),
    causes: chain.slice(1).map((cause) => shortMessage(cause.message)),
  });
}

const matching = (table: readonly [RegExp, MediafluxErrorKind][], text: string): MediafluxErrorKind[] =>
  table.filter(([pattern]) => pattern.test(text)).map(([, kind]) => kind);

interface Cause {
  classes: string[];
  message: string;
}

const DEEPEST_CAUSE = 20;

function causeChain(reply: XmlElement): Cause[] {
  const chain: Cause[] = [];
  for (let at: XmlElement | undefined = reply; at && chain.length < DEEPEST_CAUSE; at = childNamed(at, 'cause')) {
    chain.push({
      classes: [...childrenNamed(at, 'error'), ...childrenNamed(at, 'sclass')].map((name) => name.text.trim()),
      message: textAt(at, 'message')?.trim() ?? '',
    });
  }
  return chain;
}

/** The sentence itself: without the wrappers "call to service … failed:" and the context lines, which name arguments. */
export function shortMessage(message: string): string {
  const withoutContext = message.split(/\n\s*Context:/)[0] ?? '';
  const inner = withoutContext.replace(
    /^(?:.*?call to service '[^']*' failed: (?:error executing service \[idx=\d+\] \S+ )?)+/s,
    '',
  );
  const sentence = (inner.trim() === '' ? withoutContext : inner).trim().replace(/\s+/g, ' ');
  return sentence.length > 600 ? `${sentence.slice(0, 599)}…` : sentence;
}
