// Sessions: made by a logon, kept alive by any call, gone after 30 idle minutes or with the token that opened them.
// That a token's end ends its sessions at once is this emulator's choice; the reference does not know.

import { randomBytes } from 'node:crypto';
import type { State } from '../store/state.js';
import { SessionInvalid } from '../faults.js';
import { type Actor, isTokenAlive } from './actors.js';

export const SESSION_TIMEOUT_SECONDS = 1_800;

export interface Session {
  id: number;
  key: string;
  actor: Actor;
  app: string | undefined;
  lastUsed: number;
  iterators: Map<number, { ids: string[]; position: number; render: unknown }>;
  nextIterator: number;
  /** Streams kept for output.mfjp. */
  outputs: Map<string, { file: string; size: number; type: string }>;
}

export class Sessions {
  private readonly byKey = new Map<string, Session>();
  private nextId = 1;

  constructor(
    private readonly state: State,
    private readonly now: () => number,
  ) {}

  open(actor: Actor, app: string | undefined): Session {
    const session: Session = {
      id: this.nextId++,
      key: lettersAndDigits(24),
      actor,
      app,
      lastUsed: this.now(),
      iterators: new Map(),
      nextIterator: 1,
      outputs: new Map(),
    };
    this.byKey.set(session.key, session);
    return session;
  }

  /** @throws SessionInvalid unknown, idle too long, or its token has ended */
  find(key: string | undefined): Session {
    const session = key === undefined ? undefined : this.byKey.get(key);
    const now = this.now();
    if (!session || now - session.lastUsed > SESSION_TIMEOUT_SECONDS * 1000 || !this.isActorAlive(session.actor, now)) {
      if (session) this.byKey.delete(session.key);
      throw new SessionInvalid();
    }
    session.lastUsed = now;
    return session;
  }

  close(session: Session): void {
    this.byKey.delete(session.key);
  }

  expireAll(): number {
    const count = this.byKey.size;
    this.byKey.clear();
    return count;
  }

  /** A session that a token with a use limit opened lives on when the last use was this logon. */
  private isActorAlive(actor: Actor, now: number): boolean {
    if (actor.tokenId === undefined) return true;
    const token = this.state.get('token', actor.tokenId);
    return token !== undefined && isTokenAlive({ ...token, usesLeft: undefined }, now);
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
