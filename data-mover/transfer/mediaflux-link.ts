// A connection to Mediaflux with a credential that is renewed before it ends. A Mediaflux that is away is waited for.

import {
  type ContentSource,
  isMediafluxError,
  RequestTooLong,
  textAt,
  type Transport,
} from '../../src/mediaflux/protocol/index.js';
import {
  createNamespace,
  destroyFile,
  finishingMs,
  type InPiecesOptions,
  openContent,
  putFile,
  queryValues,
  quoted,
  readContent,
  statFile,
  storedFile,
  type StoredFile,
  storeOfNamespace,
  uploadFile,
  uploadInPieces,
} from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import type { Credential } from '../dispatch-api/client.js';
import { type Environment, type Proxy, proxyFor } from '../network/proxies.js';
import { ProxyRefused, refusedBy, transportTo, wayOf } from '../network/through-proxy.js';
import { awayOf, permanentTrouble } from './mediaflux-trouble.js';
import { Patience, type PatienceOptions, type Tried } from '../patience.js';

export interface LinkOptions extends PatienceOptions {
  connections: number;
  renew(): Promise<Credential>;
  /** Names the proxies of the network; left out: there are none. */
  env?: Environment;
  /** From now until an instant of the server's. */
  millisecondsUntil(instant: string): number;
}

type PiecesContent = Parameters<typeof uploadInPieces>[2];
type PiecesOptions = Omit<InPiecesOptions, 'store' | 'signal'>;

const READ_BYTES = 1024 * 1024;
/** Smaller ones are moved and summed by any server within the time that every call has. */
const LARGE_BYTES = 100_000_000;

/** The server of Mediaflux takes no contents in pieces: it knows nothing of it, or does not let this credential. */
export class NoPieces extends Error {}

export class MediafluxLink {
  private readonly transport: Transport;
  private readonly proxy: Proxy | undefined;
  private readonly patience: Patience;
  private session: MediafluxSession;
  private renewAt: number;
  private renewing: Promise<void> | undefined;
  private store: Promise<string | undefined> | undefined;
  private hasAskedWhetherItGoesOn = false;

  constructor(
    private credential: Credential,
    private readonly options: LinkOptions,
  ) {
    this.proxy = proxyFor(credential.url, options.env ?? {});
    const limits = { connections: options.connections, firstByteTimeoutMs: 300_000, readBytes: READ_BYTES };
    this.transport = transportTo(credential.url, limits, this.proxy);
    this.patience = new Patience(options);
    this.session = this.sessionOf(credential);
    this.renewAt = this.renewalOf(credential);
  }

  get namespace(): string {
    return this.credential.namespace;
  }

  upload(path: string, content: ContentSource): Promise<StoredFile> {
    const { signal } = this.options;
    const answerWithinMs = content.size > LARGE_BYTES ? finishingMs(content.size) : undefined;
    return this.with((session) =>
      uploadFile(session, `${this.namespace}/${path}`, content, { repeatable: true, signal, answerWithinMs }),
    );
  }

  /** The same without asking what arrived. */
  put(path: string, content: ContentSource): Promise<void> {
    const { signal } = this.options;
    return this.with((session) => putFile(session, `${this.namespace}/${path}`, content, { repeatable: true, signal }));
  }

  /** @param progress of what was acknowledged by now, asked for at each try @throws NoPieces */
  async uploadInPieces(
    path: string,
    content: PiecesContent,
    options: Omit<PiecesOptions, 'progress'> & { progress(): PiecesOptions['progress'] },
  ): Promise<StoredFile> {
    const { signal } = this.options;
    this.store ??= this.with((session) => storeOfNamespace(session, this.namespace, { signal }));
    const store = await this.store;
    if (store === undefined) throw new NoPieces();
    return this.with((session) =>
      uploadInPieces(session, `${this.namespace}/${path}`, content, {
        ...options,
        progress: options.progress(),
        store,
        signal,
        repeatable: true,
      }),
    ).catch((error: unknown) => {
      const isRefused = isMediafluxError(error, 'not-permitted', 'not-found', 'service-error', 'invalid-arguments');
      throw isRefused && error.service?.startsWith('server.io.job.') && !(error instanceof RequestTooLong)
        ? new NoPieces()
        : error;
    });
  }

  makeFolder(path: string): Promise<void> {
    const { signal } = this.options;
    const namespace = path === '' ? this.namespace : `${this.namespace}/${path}`;
    return this.with((session) => createNamespace(session, namespace, { signal }));
  }

  destroy(path: string): Promise<void> {
    const { signal } = this.options;
    return this.with((session) => destroyFile(session, `${this.namespace}/${path}`, { signal }));
  }

  stat(path: string): Promise<StoredFile | undefined> {
    const { signal } = this.options;
    return this.with((session) => statFile(session, `${this.namespace}/${path}`, { signal }));
  }

  /** The content from `offset` on. */
  open(file: StoredFile, offset: number) {
    return this.with((session) => openContent(session, file, { signal: this.options.signal, offset }));
  }

  /** A part of a content that nobody looks at any more; once for each. */
  giveBack(part: Uint8Array): void {
    this.transport.giveBack(part);
  }

  /** The content of a small file that nobody looks at any more; once for each. */
  giveBackSmall(content: Uint8Array): void {
    this.transport.giveBackWhole(content);
  }

  /** The content of a small file. */
  read(file: StoredFile) {
    return this.with((session) => readContent(session, file, { signal: this.options.signal }));
  }

  /**
   * All that Mediaflux holds, by path; a list that is lost in the middle begins again, and `begin` is called anew.
   * @param ending nobody needs the rest; then nothing is asked any more, and its reason thrown
   */
  list(begin: () => (path: string, file: StoredFile) => void, ending: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([this.options.signal, ending]);
    const xpaths = { namespace: 'namespace', name: 'name', size: 'content/size', csum: 'content/csum' };
    return this.with(async (session) => {
      const take = begin();
      const where = `namespace>=${quoted(this.namespace)}`;
      for await (const asset of queryValues(session, where, xpaths, signal)) {
        const namespace = textAt(asset, 'namespace') ?? '';
        const name = textAt(asset, 'name') ?? '';
        const path = namespace === this.namespace ? name : `${namespace.slice(this.namespace.length + 1)}/${name}`;
        take(path, storedFile(asset));
      }
    }, signal);
  }

  async close(): Promise<void> {
    // A credential that has ended has no session left to end.
    await this.session.logoff().catch((error: unknown) => {
      if (!isMediafluxError(error) && !(error instanceof DOMException) && !(error instanceof ProxyRefused)) throw error;
    });
    await this.transport.close();
  }

  private with<T>(work: (session: MediafluxSession) => Promise<T>, signal = this.options.signal): Promise<T> {
    const tried = async (): Promise<Tried<T>> => {
      try {
        return { value: await this.withRenewal(work, signal) };
      } catch (caught) {
        signal.throwIfAborted();
        const error = refusedBy(this.proxy, caught, this.credential.url) ?? caught;
        if (error instanceof ProxyRefused && error.isPassing) return { away: error.message };
        const permanent = permanentTrouble(error, this.credential.url, wayOf(this.proxy));
        if (permanent) throw permanent;
        if (isMediafluxError(error, 'unreachable', 'busy')) return awayOf(error, wayOf(this.proxy));
        throw error;
      }
    };
    return this.patience.until(tried, { signal });
  }

  /**
   * One file may take longer than any number of credentials live: whenever one has come to its end, the work goes on with
   * the next. One that is refused before that is replaced once.
   */
  private async withRenewal<T>(work: (session: MediafluxSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (performance.now() >= this.renewAt) await this.renewOnce(this.session);
    for (let refusedEarly = 0; ;) {
      const { session, renewAt } = this;
      try {
        return await work(session);
      } catch (error) {
        signal.throwIfAborted();
        if (!this.mayMeanTheCredential(error)) throw error;
        refusedEarly = performance.now() < renewAt ? refusedEarly + 1 : 0;
        if (refusedEarly > 1) throw error;
        await this.renewOnce(session);
      }
    }
  }

  /**
   * A session may outlive its token and the rights that were taken away, and be told only that it may not: whether the
   * upload goes on the dispatch server knows. It is asked once; a Mediaflux that refuses then means what it says.
   */
  private mayMeanTheCredential(error: unknown): boolean {
    if (isMediafluxError(error, 'not-authenticated', 'session-expired')) return true;
    if (!isMediafluxError(error, 'not-permitted', 'not-found') || this.hasAskedWhetherItGoesOn) return false;
    this.hasAskedWhetherItGoesOn = true;
    return true;
  }

  /** The first of many that find the credential at its end asks for the next; the others wait for it. */
  private renewOnce(stale: MediafluxSession): Promise<void> {
    if (this.session !== stale) return Promise.resolve();
    this.renewing ??= this.options
      .renew()
      .then((credential) => {
        this.credential = credential;
        this.renewAt = this.renewalOf(credential);
        this.session = this.sessionOf(credential);
      })
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }

  /** When the last quarter of its life begins. */
  private renewalOf(credential: Credential): number {
    return performance.now() + Math.max(1_000, this.options.millisecondsUntil(credential.expiresAt) * 0.75);
  }

  private sessionOf(credential: Credential): MediafluxSession {
    return new MediafluxSession({ transport: this.transport, credentials: { token: credential.token } });
  }
}
