// What a check of a site works with: a scratch namespace, the account's session, and what has to be cleaned up.

import { randomBytes } from 'node:crypto';
import { ScopedShares } from '../gateway/scoped-shares.js';
import { type ContentSource, dateArgument, isMediafluxError, Transport, xml } from '../protocol/index.js';
import {
  type AclEntry,
  createNamespace,
  createToken,
  describeNamespace,
  destroyRole,
  destroyToken,
} from '../services/index.js';
import { type Credentials, MediafluxSession } from '../session/index.js';

/** An assumption does not hold here; the message says what was seen. */
export class DoesNotHold extends Error {}

/** The check cannot be made with this account; the message says why. */
export class CannotBeTried extends Error {}

export class Site {
  readonly session: MediafluxSession;
  readonly shares: ScopedShares;
  readonly scratch: string;
  readonly url: string;
  private readonly roles: string[] = [];
  private readonly tokens: string[] = [];
  private readonly sessions: MediafluxSession[] = [];
  private serial = 0;

  /** @param parent a namespace in which the account may make others */
  constructor(
    readonly transport: Transport,
    readonly credentials: Credentials,
    parent: string,
  ) {
    this.url = transport.url.replace(/\/$/, '');
    this.session = new MediafluxSession({ transport, credentials });
    this.shares = new ScopedShares(this.session);
    this.scratch = `${parent.replace(/\/$/, '')}/dispatch-check-${randomBytes(6).toString('hex')}`;
  }

  /** A namespace of its own for one check. */
  async namespace(): Promise<string> {
    this.serial += 1;
    const path = `${this.scratch}/${this.serial}`;
    await createNamespace(this.session, path);
    return path;
  }

  async role(): Promise<string> {
    this.serial += 1;
    const role = `dispatch:check-${randomBytes(6).toString('hex')}`;
    await this.session.call('authorization.role.namespace.create', [
      xml('namespace', 'dispatch'),
      xml('ifexists', 'ignore'),
    ]);
    await this.session.call('authorization.role.create', [xml('role', role), xml('ifexists', 'ignore')]);
    this.roles.push(role);
    return role;
  }

  /** A token for roles, which ends in so many minutes. */
  async token(
    roles: { type: 'role' | 'user'; name: string }[],
    minutes = 60,
    more: Partial<Parameters<typeof createToken>[1]> = {},
  ): Promise<{ id: string; token: string; endsAt: Date }> {
    const endsAt = new Date(Math.floor(Date.now() / 1_000) * 1_000 + minutes * 60_000);
    const zone = (await describeNamespace(this.session, this.scratch))?.zone;
    const made = await createToken(this.session, { roles, to: dateArgument(endsAt, zone), ...more });
    this.keepTrackOf(made.id);
    return { ...made, endsAt };
  }

  /** A token that is destroyed at the end. */
  keepTrackOf(tokenId: string): void {
    this.tokens.push(tokenId);
  }

  as(token: string): MediafluxSession {
    const session = new MediafluxSession({ transport: this.transport, credentials: { token } });
    this.sessions.push(session);
    return session;
  }

  /** Takes away whatever was made. Answers what could not be. */
  async cleanUp(): Promise<string[]> {
    const left: string[] = [];
    const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!isMediafluxError(error)) throw error;
        left.push(`${what}: ${error.message}`);
      }
    };
    // Sessions that cannot be ended end by themselves; what is told is what stays.
    for (const session of this.sessions) await session.logoff().catch(() => undefined);
    for (const id of this.tokens) await attempt(`token ${id}`, () => destroyToken(this.session, id));
    for (const role of this.roles) await attempt(`role ${role}`, () => destroyRole(this.session, role));
    await attempt(`namespace ${this.scratch}`, () =>
      this.session.call('asset.namespace.destroy', [xml('namespace', this.scratch)]),
    );
    await this.session.logoff().catch(() => undefined);
    return left;
  }
}

/** What a share of the check copies into a list, for its end. */
export class Copies {
  entries: readonly AclEntry[] | undefined;

  readonly onCopy = (entries: readonly AclEntry[]): Promise<void> => {
    this.entries = entries;
    return Promise.resolve();
  };
}

export const textContent = (name: string, text: string): ContentSource => {
  const bytes = Buffer.from(text);
  return { name, size: bytes.length, open: () => [bytes] };
};

/** @throws DoesNotHold */
export function mustHold(holds: boolean, seen: string): asserts holds {
  if (!holds) throw new DoesNotHold(seen);
}
