// What an answer of the dispatch server comes to: its JSON, or a failure in words for people. Something else may answer in
// its place.

import { Failure, noLongerValid, wrongUse } from '../failures.js';
import { notOurs, shortType } from './trouble.js';

export interface Problem {
  type?: string;
  detail: string;
  /** `passes`: it would be allowed later. */
  errors?: { path: string; message: string; passes?: boolean }[];
}

/** @throws Failure it is no JSON, so that something else answers there */
export function jsonOf(text: string, server: string, type: string | string[] | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notOurs(server, `with ${shortType(type)}`);
  }
}

/** Only the beginning of the address is told: a link in it would be a secret. */
export function movedTo(server: string, status: number, location: string | string[] | undefined): Failure {
  const place = String(location ?? '');
  const origin = URL.canParse(place, server) ? new URL(place, server).origin : undefined;
  if (origin === undefined || origin === new URL(server).origin)
    return notOurs(server, `with a redirection (${status})`);
  return wrongUse(
    `The server at ${server} sends everybody on to ${origin} (${status}). Use that address: a new settings.xml or link has it.`,
  );
}

/** Undefined: it is no answer of the dispatch server, which gives a reason with every refusal. */
export function problemOf(text: string): Problem | undefined {
  try {
    const found = JSON.parse(text) as Partial<Problem> | null;
    return typeof found?.detail === 'string' ? (found as Problem) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The server says these to programs; for people they are told otherwise. */
const UNKNOWN_TOKEN = 'urn:instrument-dispatch:problem:key-needed';
const UNKNOWN_ADDRESS = 'urn:instrument-dispatch:problem:no-such-address';

/** A refusal, with the exit code that fits and what to do. */
export function failureOf(status: number, problem: Problem, path: string, server: string): Failure {
  const { type, detail, errors = [] } = problem;
  if (type === UNKNOWN_TOKEN)
    return noLongerValid(
      `The server ${server} does not know this token. Was it copied whole? The administrators have a new settings.xml.`,
    );
  if (type === UNKNOWN_ADDRESS)
    return wrongUse(
      `The server ${server} has nothing at the address that this program asks for. Is the address right, with nothing behind the server's name, and is the server as new as this program?`,
    );
  // Some details name the faults already.
  const faults = errors.filter(({ message }) => !detail.includes(message));
  const whole = [detail, ...faults.map((fault) => `${fault.path} ${fault.message}`)].join(' ');
  if (status === 401) return noLongerValid(detail);
  if (status === 410 || (status === 404 && path.startsWith('/api/v1/shares/'))) return noLongerValid(whole);
  const passes = errors.length > 0 && errors.every((fault) => fault.passes === true);
  return new Failure(whole, status === 422 ? 2 : 1, undefined, status, { type, passes });
}
