// What can go wrong with a Mediaflux call, in one small family.

export type MediafluxErrorKind =
  | 'not-authenticated'
  | 'session-expired'
  | 'not-permitted'
  | 'not-found'
  | 'already-exists'
  | 'invalid-arguments'
  | 'store-full'
  | 'busy'
  | 'unreachable'
  | 'malformed-reply'
  | 'content-damaged'
  | 'service-error';

export interface MediafluxErrorFacts {
  service?: string | undefined;
  /** Version of the server, where it told. */
  version?: string | undefined;
  /** Messages of the cause chain, outermost first. */
  causes?: readonly string[];
  cause?: unknown;
}

/** `message` is one short sentence: no argument values beyond paths and names, never a secret. */
export class MediafluxError extends Error {
  service: string | undefined;
  readonly version: string | undefined;
  causes: readonly string[];

  constructor(
    readonly kind: MediafluxErrorKind,
    message: string,
    facts: MediafluxErrorFacts = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'MediafluxError';
    this.service = facts.service;
    this.version = facts.version;
    this.causes = facts.causes ?? [];
  }

  /** Itself, with the service named that it came from, unless it names one. */
  ofService(service: string | undefined): this {
    this.service ??= service;
    return this;
  }
}

/** An HTTP status in place of a reply: something answered, be it only what stands before the server. */
export class AnsweredByStatus extends MediafluxError {
  /** @param retryAfter `Retry-After`, and @param date `Date`, as they came: how long to wait is for whoever waits */
  constructor(
    kind: MediafluxErrorKind,
    message: string,
    readonly retryAfter?: string,
    readonly date?: string,
  ) {
    super(kind, message);
  }
}

/** HTTP 413. Mediaflux is not known to say so: a proxy before it takes no request of that length. */
export class RequestTooLong extends AnsweredByStatus {
  constructor() {
    super(
      'service-error',
      'What stands before Mediaflux, most likely a proxy, takes no request of that length (HTTP status 413).',
    );
  }
}

export const isMediafluxError = (error: unknown, ...kinds: MediafluxErrorKind[]): error is MediafluxError =>
  error instanceof MediafluxError && (kinds.length === 0 || kinds.includes(error.kind));

/** Of a foreign text no more than this, and no half word, which could be half a secret that nobody recognises. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/\S*$/, '')}…`;
}
