// The one table that recognises what a server's error means (reference 1.5). Classes come first; the sentences are the
// server's own, in English, as recorded. What a user wrote may stand in them, so only the sentence itself is looked at,
// without its context and without what it quotes.

import { childNamed, childrenNamed, textAt, type XmlElement } from './element.js';
import { MediafluxError, type MediafluxErrorKind, shortened } from './errors.js';

type Table = readonly (readonly [RegExp, MediafluxErrorKind])[];

const BY_CLASS: Table = [
  [/ExSessionInvalid$/, 'session-expired'],
  [/ExNotAuthorized$/, 'not-permitted'],
  [/ExNameExists$/, 'already-exists'],
  [/ExNotFound$|NotFoundException$/, 'not-found'],
];

/** They pass by themselves. Recorded is `maintenance mode`; the rest is our guess, docs/mediaflux-assumptions.md. */
const PASSING: Table = [
  [/\bmaintenance mode\b/i, 'busy'],
  [/\blicen[cs]es?\b.*\b(?:limit|maximum|exceed|exhaust|in use|available|expired)/i, 'busy'],
  [/\b(?:limit|maximum|exceed\w*|exhausted|too many|no more|not enough)\b.*\blicen[cs]es?\b/i, 'busy'],
  [/\b(?:not enough|insufficient) (?:free |disk |storage )?space\b|\bno space left\b|\bstore is full\b/i, 'store-full'],
  [
    /\bquota\b.*\b(?:exceeded|used up|exhausted|reached|overflow)|\b(?:exceeds?|over) (?:the |its |your )?quota\b/i,
    'store-full',
  ],
];

const BY_SENTENCE: Table = [
  [/\b(?:does not exist|is not accessible)\.?$/i, 'not-found'],
  [/\bnot (?:been )?granted [A-Z-]+ to\b|^No permission to access\b|\bdoes not hold the\b/i, 'not-permitted'],
  [/\balready exists\b|\balready contains an?\b/i, 'already-exists'],
  [
    /^XPath \S+ is invalid\b|^The document type '' (?:is not known|does not contain)\b|^Syntax error\b/i,
    'invalid-arguments',
  ],
  ...PASSING,
];

/**
 * A logon that is refused for good. What servers really say is not known: only words that leave no doubt count, since the
 * credentials are not tried again after them.
 */
const REFUSED =
  /\b(?:authenticat(?:e|ion)|passwords?|credentials?|not authori[sz]ed|token\b.*\b(?:expired|invalid|not valid|destroyed)|(?:expired|invalid|unknown) token)\b/i;
const PERHAPS_PASSING =
  /\b(?:unavailable|not available|unreachable|cannot be reached|connect\w*|time[ds]?[ -]?out|temporar\w+|try again|LDAP)\b/i;
/** What a server says to a password where it wants more is not known; these words are our guess. */
const SECOND_FACTOR =
  /\b(?:second|two|2|multi)[ -]?factors?\b|\b(?:MFA|2FA|TOTP|OTP)\b|\bone[ -]time (?:passwords?|codes?)\b|\bverification codes?\b/i;
const LOGON = /^\s*call to service 'system\.logon' failed:/;

/** The error in a reply of type `error`. */
export function errorOfReply(reply: XmlElement, service: string): MediafluxError {
  const chain = causeChain(reply);
  const outermost = chain[0]?.message ?? '';
  const isOfLogon = service === 'system.logon' || LOGON.test(outermost);
  return new MediafluxError(isOfLogon ? kindOfLogon(chain) : kindOf(chain), shortMessage(outermost), {
    service,
    version: textAt(reply, 'server/version'),
    causes: chain.slice(1).map((cause) => shortMessage(cause.message)),
  });
}

function kindOf(chain: readonly Cause[]): MediafluxErrorKind {
  // Bare, with neither wrapper nor context: so it was recorded, and so no user's text can be taken for it.
  if (chain.some((cause) => cause.message.toLowerCase() === 'session is not valid')) return 'session-expired';
  return (
    chain.flatMap((cause) => cause.classes.flatMap((name) => matching(BY_CLASS, name)))[0] ??
    chain.flatMap((cause) => matching(BY_SENTENCE, sentence(cause)))[0] ??
    'service-error'
  );
}

/** `not-authenticated` is for good; whatever else may pass. */
function kindOfLogon(chain: readonly Cause[]): MediafluxErrorKind {
  const sentences = chain.map(sentence);
  const passing = sentences.flatMap((text) => matching(PASSING, text))[0];
  if (passing) return passing;
  if (sentences.some((text) => PERHAPS_PASSING.test(text))) return 'service-error';
  const isRefused =
    sentences.some((text) => REFUSED.test(text) || SECOND_FACTOR.test(text)) ||
    chain.some((cause) => cause.classes.some((name) => /ExNotAuthorized$|Ex\w*Authenticat\w*$/.test(name)));
  return isRefused ? 'not-authenticated' : 'service-error';
}

/** Was a logon refused because the account has a second factor? */
export const wantsSecondFactor = (error: MediafluxError): boolean =>
  error.kind === 'not-authenticated' && [error.message, ...error.causes].some((text) => SECOND_FACTOR.test(text));

/** What a server says of a service that it does not have is not known; these words are our guess. */
const NO_SERVICE =
  /^(?:the )?service\b.*\b(?:not (?:known|found|accessible|available|supported|licen[cs]ed)|does not exist|unknown)\b|^(?:unknown|no such) service\b/i;

/** Is it the service that was refused, since the server has none or does not let this account, whatever it was called with? */
export const isServiceRefused = (error: MediafluxError): boolean =>
  error.kind === 'not-permitted' || [error.message, ...error.causes].some((text) => NO_SERVICE.test(text));

const matching = (table: Table, text: string): MediafluxErrorKind[] =>
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

/** Names and values of users stand in single quotes, which may hold quotes themselves. */
const sentence = (cause: Cause): string =>
  shortMessage(cause.message).replace(/(?<=^|[\s(=:])'.*?'(?=$|[\s.,:;)])/g, "''");

const WRAPPERS = /^(?:call to service '[^']*' failed: |error executing service \[idx=\d+\] \S+ )+/;
const LONGEST_SENTENCE = 600;

/** The sentence itself: without the wrappers "call to service … failed:" and the context lines, which name arguments. */
export function shortMessage(message: string): string {
  const [whole = ''] = message.trim().split(/\s*\bContext:/);
  const inner = whole.replace(WRAPPERS, '');
  const [told = ''] = /^Syntax error\b/.test(inner) ? inner.split(/\s*\bContext\b/) : [inner];
  const text = (told.trim() === '' ? whole : told).trim().replace(/\s+/g, ' ');
  return shortened(text, LONGEST_SENTENCE);
}
