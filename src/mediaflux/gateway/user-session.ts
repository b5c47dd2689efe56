// What is done with a user's own authority, for the copy method: Mediaflux itself decides where they may write.

import { type ContentSource, dateArgument } from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';
import {
  createNamespace,
  createToken,
  describeNamespace,
  describeSelf,
  destroyToken,
  namespaceExists,
  statFile,
  type StoredFile,
  uploadFile,
} from '../services/index.js';

export class UserSession {
  constructor(private readonly session: MediafluxSession) {}

  /** Logs on. `name` is `domain:user`, or a number for a token. @throws MediafluxError not-authenticated */
  whoAmI(): Promise<{ type: string; name: string }> {
    return describeSelf(this.session);
  }

  /** A short-lived token of the user's with their full power, so that a password is used for one logon only. */
  async createOwnToken(user: string, until: Date): Promise<{ tokenId: string; token: string }> {
    const root = await describeNamespace(this.session, '/');
    const made = await createToken(this.session, {
      roles: [{ type: 'user', name: user }],
      to: dateArgument(until, root?.zone),
      tag: 'instrument-dispatch copy',
    });
    return { tokenId: made.id, token: made.token };
  }

  destroyOwnToken(tokenId: string): Promise<void> {
    return destroyToken(this.session, tokenId);
  }

  /** `missing`: neither there nor visible. `read-only`: the user may not make namespaces and assets in it. */
  async mayWrite(namespace: string): Promise<'yes' | 'read-only' | 'missing'> {
    const description = await describeNamespace(this.session, namespace);
    if (!description) return 'missing';
    return description.access.has('create') && description.access.has('create-assets') ? 'yes' : 'read-only';
  }

  exists(namespace: string): Promise<boolean> {
    return namespaceExists(this.session, namespace);
  }

  createNamespace(namespace: string): Promise<void> {
    return createNamespace(this.session, namespace);
  }

  stat(path: string): Promise<StoredFile | undefined> {
    return statFile(this.session, path);
  }

  write(path: string, content: ContentSource, signal?: AbortSignal): Promise<StoredFile> {
    return uploadFile(this.session, path, content, { signal });
  }

  close(): Promise<void> {
    return this.session.logoff();
  }
}
