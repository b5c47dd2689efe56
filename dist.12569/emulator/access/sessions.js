// Sessions: made by a logon, kept alive by any call, gone after 30 idle minutes. When the token that opened one ends,
// the session may only say so: `actor.self.describe` tells `destroyed` (reference 1.5), every other call finds it over.
// That second half is this emulator's choice; the reference does not know.
import { randomBytes } from 'node:crypto';
import { SessionInvalid } from '../faults.js';
import { isTokenAlive } from './actors.js';
export const SESSION_TIMEOUT_SECONDS = 1_800;
const SWEEP_EVERY_MS = 60_000;
export class Sessions {
    state;
    now;
    release;
    byKey = new Map();
    nextId = 1;
    lastSweep = 0;
    /** @param release gives back what a kept output holds */ constructor(state, now, release){
        this.state = state;
        this.now = now;
        this.release = release;
    }
    open(actor, app) {
        this.sweep();
        const session = {
            id: this.nextId++,
            key: lettersAndDigits(24),
            actor,
            app,
            lastUsed: this.now(),
            iterators: new Map(),
            iteratorCount: {
                last: 0
            },
            outputs: new Map()
        };
        this.byKey.set(session.key, session);
        return session;
    }
    /** @throws SessionInvalid unknown, or idle too long */ find(key) {
        const session = key === undefined ? undefined : this.byKey.get(key);
        const now = this.now();
        if (!session || now - session.lastUsed > SESSION_TIMEOUT_SECONDS * 1000) {
            if (session) this.close(session);
            throw new SessionInvalid();
        }
        session.lastUsed = now;
        return session;
    }
    /** The session of a key, if it is one. */ standing(key) {
        try {
            return this.find(key);
        } catch (error) {
            if (error instanceof SessionInvalid) return undefined;
            throw error;
        }
    }
    /** @throws SessionInvalid also when the token that opened it has ended */ findUsable(key) {
        const session = this.find(key);
        if (!this.isActorAlive(session.actor)) throw new SessionInvalid();
        return session;
    }
    /** Now and then: what was left without a logoff gives back what it holds. */ sweep() {
        const now = this.now();
        if (now - this.lastSweep < SWEEP_EVERY_MS) return;
        this.lastSweep = now;
        for (const session of this.byKey.values())if (now - session.lastUsed > SESSION_TIMEOUT_SECONDS * 1000) this.close(session);
    }
    close(session) {
        for (const output of session.outputs.values())this.release(output);
        session.outputs.clear();
        this.byKey.delete(session.key);
    }
    expireAll() {
        const count = this.byKey.size;
        for (const session of this.byKey.values())this.close(session);
        return count;
    }
    /** A session that a token with a use limit opened lives on when the last use was this logon. */ isActorAlive(actor) {
        if (actor.tokenId === undefined) return true;
        const token = this.state.get('token', actor.tokenId);
        return token !== undefined && isTokenAlive({
            ...token,
            usesLeft: undefined
        }, this.now());
    }
}
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Keys and tokens are letters and digits only: clients paste them into attributes and addresses (reference 2.1). */ export function lettersAndDigits(length) {
    let text = '';
    while(text.length < length){
        for (const byte of randomBytes(length)){
            if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
        }
    }
    return text;
}

//# sourceMappingURL=sessions.js.map
