// What every service is given and gives.

import type { Actor } from '../access/actors.js';
import { principalsOf } from '../access/actors.js';
import { accessTo } from '../access/access-lists.js';
import type { Session, Sessions } from '../access/sessions.js';
import { noNamespace, invalidArgument } from '../faults.js';
import type { StoredContent } from '../store/byte-sink.js';
import type { Contents } from '../store/contents.js';
import { normalPath } from '../store/paths.js';
import type { State } from '../store/state.js';
import type { NamespaceRecord } from '../store/records.js';
import type { Element } from '../xml/element.js';
import { exactTextOf, textOf } from '../xml/element.js';
import type { Output } from './output.js';

export interface World {
  state: State;
  contents: Contents;
  sessions: Sessions;
  /** Files of IO jobs that a call is about to make assets of. */
  takenFiles: Set<string>;
  now(): number;
  /** Address that the server listens on. */
  port(): number;
  isSecure: boolean;
}

export interface Call {
  world: World;
  service: string;
  args: Element;
  /** The session that carries the call; a token given with the call has one of its own for it. */
  session: Session;
  actor: Actor;
  /** Contents that came with the request, in order; a service that takes one removes it. */
  inputs: StoredContent[];
  /** Streams that the service gives. */
  outputs: Output[];
  /** Runs another service with the caller's rights. */
  run(service: string, args: Element): Promise<Element[]>;
}

export interface Service {
  /** Permission that the caller needs; null where any session may call. */
  access: 'ACCESS' | 'MODIFY' | 'ADMINISTER' | null;
  run(call: Call): Element[] | Promise<Element[]>;
}

export type ServiceTable = Record<string, Service>;

export const principals = (call: Call): ReadonlySet<string> => principalsOf(call.world.state, call.actor);

/** What the caller may do in a namespace. */
export const accessIn = (call: Call, path: string): ((access: string) => boolean) =>
  accessTo(call.world.state, principals(call), path);

/** The text of a needed argument. @throws ServiceFault missing */
export function needed(call: Call, name: string): string {
  const text = textOf(call.args, name);
  if (text === undefined || text === '') throw invalidArgument(`args/${name}`, 'missing value');
  return text;
}

/** The path in an argument. @throws ServiceFault missing */
export function neededPath(call: Call, name = 'namespace'): string {
  const text = exactTextOf(call.args, name);
  if (text === undefined || text === '') throw invalidArgument(`args/${name}`, 'missing value');
  return normalPath(text);
}

/** A whole number in an argument. @throws ServiceFault not one, or below `least` */
export function wholeNumber(call: Call, name: string, usual: number, least = 0): number {
  const text = textOf(call.args, name);
  if (text === undefined || text === '') return usual;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw invalidArgument(`args/${name}`, `'${text}' is not a whole number from ${least} on`);
  return value;
}

/** A namespace that the caller may know of. @throws ServiceFault the same whether it is missing or shut */
export function visibleNamespace(call: Call, path: string): NamespaceRecord {
  const namespace = call.world.state.get('namespace', path);
  if (!namespace || !accessIn(call, path)('namespace:access')) throw noNamespace(path);
  return namespace;
}
