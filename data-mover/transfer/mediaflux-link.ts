// A connection to Mediaflux with a credential that is renewed before it ends.

import { type ContentSource, isMediafluxError, Transport } from '../../src/mediaflux/protocol/index.js';
import {
  createNamespace,
  destroyFile,
  openContent,
  queryValues,
  quoted,
  storedFile,
  type StoredFile,
  uploadFile,
} from '../../src/mediaflux/services/index.js';
import { textAt } from '../../src/mediaflux/protocol/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import type { Credential } from '../dispatch-api/client.js';

const RENEW_BEFORE_MS = 10 * 60_000;

export class MediafluxLink {
  private readonly transport: Transport;
  private session: MediafluxSession;
  private endsAt: number;
  private renewing: Promise<void> | undefined;

  constructor(
    private credential: Credential,
    connections: number,
    private readonly renew: () => Promise<Credential>,
    private readonly signal: AbortSignal,
  ) {
    this.transport = new Transport(credential.url, { connections, firstByteTimeoutMs: 300_000 });
    this.session = this.sessionOf(credential);
    this.endsAt = Date.parse(credential.expiresAt);
  }

  get namespace(): string {
    return this.credential.namespace;
  }

  upload(path: string, content: ContentSource): Promise<StoredFile> {
    return this.with((session) =>
      uploadFile(session, `${this.namespace}/${path}`, content, { repeatable: true, signal: this.signal }),
    );
  }

  makeFolder(path: string): Promise<void> {
    return this.with((session) => createNamespace(session, path === '' ? this.namespace : `${this.namespace}/${path}`));
  }

  destroy(path: string): Promise<void> {
    return this.with((session) => destroyFile(session, `${this.namespace}/${path}`));
  }

  /** The content from `offset` on. */
  open(file: StoredFile, offset: number) {
    return this.with((session) => openContent(session, file, { signal: this.signal, offset }));
  }

  /** Asset ids and what Mediaflux holds, by path. */
  async list(): Promise<Map<string, StoredFile>> {
    const files = new Map<string, StoredFile>();
    const xpaths = { namespace: 'namespace', name: 'name', size: 'content/size', csum: 'content/csum' };
    for await (const asset of queryValues(this.session, `namespace>=${quoted(this.namespace)}`, xpaths, this.signal)) {
      const namespace = textAt(asset, 'namespace') ?? '';
      const name = textAt(asset, 'name') ?? '';
      files.set(
        namespace === this.namespace ? name : `${namespace.slice(this.namespace.length + 1)}/${name}`,
        storedFile(asset),
      );
    }
    return files;
  }

  async close(): Promise<void> {
    // A credential that has ended has no session left to end.
    await this.session.logoff().catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
    });
    await this.transport.close();
  }

  private async with<T>(work: (session: MediafluxSession) => Promise<T>): Promise<T> {
    if (this.endsAt - Date.now() < RENEW_BEFORE_MS) await this.renewOnce(this.session);
    const { session } = this;
    try {
      return await work(session);
    } catch (error) {
      if (!isMediafluxError(error, 'not-authenticated', 'session-expired')) throw error;
      await this.renewOnce(session);
      return work(this.session);
    }
  }

  /** The first of many that find the credential at its end asks for the next; the others wait for it. */
  private renewOnce(stale: MediafluxSession): Promise<void> {
    if (this.session !== stale) return Promise.resolve();
    this.renewing ??= this.renew()
      .then((credential) => {
        this.credential = credential;
        // However short its life, it is used before the next is asked for.
        this.endsAt = Math.max(Date.parse(credential.expiresAt), Date.now() + RENEW_BEFORE_MS + 1_000);
        this.session = this.sessionOf(credential);
      })
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }

  private sessionOf(credential: Credential): MediafluxSession {
    return new MediafluxSession({ transport: this.transport, credentials: { token: credential.token } });
  }
}
