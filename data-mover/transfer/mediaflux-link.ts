// What is done in Mediaflux for one upload or download, below its namespace.

import {
  type ContentSource,
  type Into,
  isMediafluxError,
  isServiceRefused,
  RequestTooLong,
  textAt,
  type Transport,
  UnreadableZip,
} from '../../src/mediaflux/protocol/index.js';
import {
  type ArchivedContent,
  type CameWhole,
  createNamespace,
  destroyFile,
  finishingMs,
  type InPiecesOptions,
  openContent,
  putFile,
  queryValues,
  quoted,
  readContent,
  readTogether,
  statFile,
  storedFile,
  type StoredFile,
  storeOfNamespace,
  uploadFile,
  uploadInPieces,
} from '../../src/mediaflux/services/index.js';
import type { MediafluxSession } from '../../src/mediaflux/session/index.js';
import type { Credential } from '../dispatch-api/client.js';
import { type Environment, proxyFor } from '../network/proxies.js';
import { transportTo } from '../network/through-proxy.js';
import { LastingSession, type LastingSessionOptions } from './lasting-session.js';

export interface LinkOptions extends LastingSessionOptions {
  connections: number;
  /** Names the proxies of the network; left out: there are none. */
  env?: Environment;
}

type PiecesContent = Parameters<typeof uploadInPieces>[2];
type PiecesOptions = Omit<InPiecesOptions, 'store' | 'signal'>;

const READ_BYTES = 1024 * 1024;
/** For an archive to begin to come. */
const ARCHIVE_WITHIN_MS = 60_000;
/** Smaller ones are moved and summed by any server within the time that every call has. */
const LARGE_BYTES = 100_000_000;

/** The server of Mediaflux takes no contents in pieces: it knows nothing of it, or does not let this credential. */
export class NoPieces extends Error {}

/** No archive came. */
export class NoArchive extends Error {
  /** @param isForGood Mediaflux makes none: not for this credential, not of what is asked for, or none that can be read */
  constructor(readonly isForGood: boolean) {
    super('No archive came.');
  }
}

export class MediafluxLink {
  private readonly transport: Transport;
  private readonly session: LastingSession;
  private store: Promise<string | undefined> | undefined;

  constructor(
    credential: Credential,
    private readonly options: LinkOptions,
  ) {
    const proxy = proxyFor(credential.url, options.env ?? {});
    const limits = { connections: options.connections, firstByteTimeoutMs: 300_000, readBytes: READ_BYTES };
    this.transport = transportTo(credential.url, limits, proxy);
    this.session = new LastingSession(credential, this.transport, proxy, options);
  }

  get namespace(): string {
    return this.session.namespace;
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
    try {
      const store = await this.storeOfPieces();
      if (store === undefined) throw new NoPieces();
      return await this.with((session) =>
        uploadInPieces(session, `${this.namespace}/${path}`, content, {
          ...options,
          progress: options.progress(),
          store,
          signal,
          repeatable: true,
        }),
      );
    } catch (error) {
      throw offersNoPieces(error) ? new NoPieces() : error;
    }
  }

  /** It is the same for all files, and asked for again after a trouble that passed. */
  private storeOfPieces(): Promise<string | undefined> {
    const { signal } = this.options;
    this.store ??= this.with((session) => storeOfNamespace(session, this.namespace, { signal })).catch(
      (error: unknown) => {
        this.store = undefined;
        throw error;
      },
    );
    return this.store;
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
   * The contents of small files in one answer, each where it came whole. Nothing is waited for, and nothing tried again:
   * what does not come so is asked for alone, and that tells what is the matter.
   * @throws NoArchive
   */
  async readTogether(files: readonly ArchivedContent[], into: Into): Promise<(CameWhole | undefined)[]> {
    const { signal } = this.options;
    const options = { signal, repeatable: false, answerWithinMs: ARCHIVE_WITHIN_MS };
    return this.with((session) =>
      readTogether(session, this.namespace, files, into, options).catch((error: unknown) => {
        signal.throwIfAborted();
        if (error instanceof UnreadableZip) throw new NoArchive(true);
        if (!isMediafluxError(error) || isMediafluxError(error, 'session-expired', 'not-authenticated')) throw error;
        throw new NoArchive(!isMediafluxError(error, 'unreachable', 'busy'));
      }),
    );
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
    await this.session.logoff();
    await this.transport.close();
  }

  private with<T>(work: (session: MediafluxSession) => Promise<T>, signal = this.options.signal): Promise<T> {
    return this.session.with(work, signal);
  }
}

/**
 * What has to go before the first piece is refused with nothing lost, whatever the reason. Of a piece, and of the end of
 * them, only what is said of the service counts: one that is refused for itself must not cost all that arrived before it.
 */
function offersNoPieces(error: unknown): boolean {
  if (!isMediafluxError(error, 'not-permitted', 'not-found', 'service-error', 'invalid-arguments')) return false;
  if (error instanceof RequestTooLong) return false;
  const { service = '' } = error;
  if (service === 'asset.namespace.describe' || service.startsWith('server.io.job.')) return true;
  return service.startsWith('server.io.write') && isServiceRefused(error);
}
