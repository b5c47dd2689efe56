// Sessions: made by a logon, kept alive by any call, gone after 30 idle minutes. When the token that opened one ends,
// the session may only say so: `actor.self.describe` tells `destroyed` (reference 1.5), every other call finds it over.
// That second half is this emulator's choice; the reference does not know.

import { randomBytes } from 'node:crypto';
import type { State } from '../store/state.js';
import { SessionInvalid } from '../faults.js';
import { type Actor, isTokenAlive } from './actors.js';
import type { Output } from '../services/output.js';

export const SESSION_TIMEOUT_SECONDS = 1_800;
const SWEEP_EVERY_MS = 60_000;

export interface Session {
  id: number;
  key: string;
  actor: Actor;
  app: string | undefined;
  /** The token that came with the one call it is for. */
  isOpenedFor?: string;
  lastUsed: number;
  iterators: Map<number, { ids: Float64Array; position: number; render: unknown }>;
  /** Number of the iterator made last. */
  iteratorCount: { last: number };
  /** Streams kept for output.mfjp. */
  outputs: Map<string, Output>;
}

export class Sessions {
  private readonly byKey = new Map<string, Session>();
  private nextId = 1;
  private lastSweep = 0;

  /** @param release gives back what a kept output holds */
  constructor(
    private readonly state: State,
    private readonly now: () => number,
    private readonly release: (output: Output) => void,
  ) {}

  open(actor: Actor, app: string | undefined): Session {
    this.sweep();
    const session: Session = {
      id: this.nextId++,
      key: lettersAndDigits(24),
      actor,
      app,
      lastUsed: this.now(),
      iterators: new Map(),
      iteratorCount: { last: 0 },
      outputs: new Map(),
    };
    this.byKey.set(session.key, session);
    return session;
  }

  /** @throws SessionInvalid unknown, or idle too long */
  find(key: string | undefined): Session {
    const session = key === undefined ? undefined : this.byKey.get(key);
    const now = this.now();
    if (!session || now - session.lastUsed > SESSION_TIMEOUT_SECONDS * 1000) {
      if (session) this.close(session);
      throw new SessionInvalid();
    }
    session.lastUsed = now;
    return session;
  }

  /** The session of a key, if it is one. */
  standing(key: string): Session | undefined {
    try {
      return this.find(key);
    } catch (error) {
      if (error instanceof SessionInvalid) return undefined;
      throw error;
    }
  }

  /** @throws SessionInvalid also when the token that opened it has ended */
  findUsable(key: string | undefined): Session {
    const session = this.find(key);
    if (!this.isActorAlive(session.actor)) throw new SessionInvalid();
    return session;
  }

  /** Now and then: what was left without a logoff gives back what it holds. */
  private sweep(): void {
    const now = this.now();
    if (now - this.lastSweep < SWEEP_EVERY_MS) return;
    this.lastSweep = now;
    for (const session of this.byKey.values())
      if (now - session.lastUsed > SESSION_TIMEOUT_SECONDS * 1000) this.close(session);
  }

  close(session: Session): void {
    for (const output of session.outputs.values()) this.release(output);
    session.outputs.clear();
    this.byKey.delete(session.key);
  }

  expireAll(): number {
    const count = this.byKey.size;
    for (const session of this.byKey.values()) this.close(session);
    return count;
  }

  /** A session that a token with a use limit opened lives on when the last use was this logon. */
  isActorAlive(actor: Actor): boolean {
    if (actor.tokenId === undefined) return true;
    const token = this.state.get('token', actor.tokenId);
    return token !== undefined && isTokenAlive({ ...token, usesLeft: undefined }, this.now());
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Keys and tokens are letters and digits only: clients paste them into attributes and addresses (reference 2.1). */
export function lettersAndDigits(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}
