// How long anything of an exchange may take, and by whom it ends.

/** In milliseconds. */
export interface ConnectionLimits {
  connectTimeoutMs: number;
  /** Until the answer begins. */
  firstByteTimeoutMs: number;
  /** Between two parts of an answer. */
  idleTimeoutMs: number;
}

export interface TransportLimits extends ConnectionLimits {
  connections: number;
  /** For one of the connections to be free. */
  connectionWaitMs: number;
  /** Most that is taken from a connection at a time; large contents come the faster for it. */
  readBytes: number;
}

/** What Node takes by itself. */
export const USUAL_READ_BYTES = 64 * 1024;

export const USUAL_LIMITS: TransportLimits = {
  connections: 16,
  connectionWaitMs: 120_000,
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 120_000,
  idleTimeoutMs: 60_000,
  readBytes: USUAL_READ_BYTES,
};

export interface HttpEnds {
  signal?: AbortSignal | undefined;
  /** Ends the call too, as long as it waits for a connection. */
  whileWaiting?: AbortSignal | undefined;
  /** For the answer to begin, where the usual is too short. */
  answerWithinMs?: number | undefined;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Whole milliseconds of a timer. */
export const ofTimer = (milliseconds: number): number => Math.min(Math.ceil(milliseconds), LONGEST_TIMER_MS);
