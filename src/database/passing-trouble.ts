// Which failures of the database pass by themselves, so that the same call works in a moment: it is overloaded, starts or
// stops, or took this transaction's turn back.

import { QueryFailedError } from 'typeorm';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CODES: ReadonlySet<unknown> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57014', // query_canceled: a time limit
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout
]);
/** Of the connection, and of resources. */
const CLASSES = /^(?:08|53)/;
/** pg and pg-pool say these in words alone. */
const WORDS =
  /^timeout exceeded when trying to connect|^Connection terminated|^Client (?:has encountered a connection error|was closed) and is not queryable|^Query read timeout/;
const SOCKETS: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

export function isPassingTrouble(error: unknown): boolean {
  const fault: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(fault instanceof Error)) return false;
  if (fault instanceof AggregateError) return fault.errors.length > 0 && fault.errors.every(isPassingTrouble);
  const { code, severity } = fault as { code?: unknown; severity?: unknown };
  if (severity !== undefined) return CODES.has(code) || CLASSES.test(String(code));
  return SOCKETS.has(code) || WORDS.test(fault.message);
}
