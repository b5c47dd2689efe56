// What the rest of the server says to Mediaflux, in its own words. Every method may be repeated after a crash.

import { isMediafluxError, Transport } from '../protocol/index.js';
import { type Credentials, MediafluxSession } from '../session/index.js';
import {
  createNamespaceOnly,
  destroyNamespace,
  destroyToken,
  namespaceExists,
  openContent,
  ownTokenEnd,
  serverVersion,
  type AclEntry,
} from '../services/index.js';
import {
  type FolderSummary,
  type ListedFile,
  listFiles,
  listFoldersIn,
  summarize,
  tellFiles,
} from './folder-listing.js';
import { ManifestAssets } from './manifest-assets.js';
import { checkPlatformNamespace, type NamespaceCheckAnswer, readProjectContacts } from './projects.js';
import { type OnCopy, ScopedShares, type ShareKind } from './scoped-shares.js';
import { isTrialFolder } from './trial-folder.rules.js';
import { UserSession } from './user-session.js';

export interface GatewaySettings {
  url: string;
  credentials: Credentials;
  /** Copies that may run at once, each of which holds two connections, and for moments a third. */
  copiesAtOnce?: number;
}

/** For everything besides copies. */
const CONNECTIONS = 8;
const USUAL_COPIES = 4;

export class MediafluxGateway {
  private readonly transport: Transport;
  private readonly session: MediafluxSession;
  private readonly shares: ScopedShares;
  /** The assets beside the data that say what was uploaded. */
  readonly manifests: ManifestAssets;

  constructor(private readonly settings: GatewaySettings) {
    this.transport = new Transport(settings.url, {
      firstByteTimeoutMs: 60_000,
      connections: CONNECTIONS + 2 * (settings.copiesAtOnce ?? USUAL_COPIES),
    });
    this.session = new MediafluxSession({ transport: this.transport, credentials: settings.credentials });
    this.shares = new ScopedShares(this.session);
    this.manifests = new ManifestAssets(this.session);
  }

  get url(): string {
    return this.settings.url;
  }

  get state() {
    return this.session.state;
  }

  /** Asks the server for its version, logging on if need be. @throws MediafluxError */
  probe(): Promise<string> {
    return serverVersion(this.session, AbortSignal.timeout(5_000));
  }

  /** When the service's own token ends; undefined for a password, or where Mediaflux does not tell. */
  tokenEnd(): Promise<Date | undefined> {
    return ownTokenEnd(this.session, AbortSignal.timeout(5_000));
  }

  /** May the service work in this namespace? Plain words if not. @throws MediafluxError it could not be asked */
  checkPlatformNamespace(namespace: string): Promise<NamespaceCheckAnswer> {
    return checkPlatformNamespace(this.session, namespace);
  }

  /**
   * Makes the upload's folder with the namespace for the data in it. What stands above, the platform's namespace, is never
   * made: one that is gone was taken away by somebody.
   * @throws MediafluxError
   */
  async openUploadFolder(folderNamespace: string, dataNamespace: string): Promise<void> {
    await createNamespaceOnly(this.session, folderNamespace);
    await createNamespaceOnly(this.session, dataNamespace);
  }

  folderExists(namespace: string): Promise<boolean> {
    return namespaceExists(this.session, namespace);
  }

  /** Makes the folder of a trial, which says what it is to whoever comes across it. @throws MediafluxError */
  async openTrialFolder(namespace: string): Promise<void> {
    mustBeTrialFolder(namespace);
    await createNamespaceOnly(
      this.session,
      namespace,
      'A Data Mover tries its connection here; destroyed within minutes.',
    );
  }

  /** Destroys it with whatever is in it. @throws MediafluxError */
  async destroyTrialFolder(namespace: string): Promise<void> {
    mustBeTrialFolder(namespace);
    await destroyNamespace(this.session, namespace);
  }

  issueScopedToken(request: {
    shareId: string;
    credentialId?: string;
    kind: ShareKind;
    namespace: string;
    until: Date;
    onCopy: OnCopy;
  }) {
    return this.shares.issueToken(request.shareId, request.kind, request);
  }

  async issueZipLink(request: {
    shareId: string;
    credentialId?: string;
    dataNamespace: string;
    filename: string;
    until: Date;
    maxUses: number;
    onCopy: OnCopy;
  }) {
    const made = await this.shares.issueZipToken(
      request.shareId,
      { ...request, namespace: request.dataNamespace },
      request.maxUses,
    );
    const query = new URLSearchParams({ token: made.token, filename: request.filename });
    return { tokenId: made.id, url: `${this.settings.url.replace(/\/$/, '')}/mflux/execute.mfjp?${query.toString()}` };
  }

  destroyToken(tokenId: string): Promise<void> {
    return destroyToken(this.session, tokenId);
  }

  destroyTokensOf(credentialIds: readonly string[]): Promise<number> {
    return this.shares.destroyTokensOf(credentialIds);
  }

  endShare(request: { shareId: string; namespace: string; copied: readonly AclEntry[] | undefined }): Promise<boolean> {
    return this.shares.end(request.shareId, request.namespace, request.copied);
  }

  /**
   * Every file below the namespace, on a session of its own. When it throws, what came so far is worth nothing: the caller
   * begins again. @throws MediafluxError
   */
  listFolder(namespace: string, signal?: AbortSignal): AsyncGenerator<ListedFile> {
    return this.apart((session) => listFiles(session, namespace, signal));
  }

  /** The same, each file told as soon as it is read; yields how many came, part by part. */
  tellFolder(namespace: string, take: (file: ListedFile) => void, signal?: AbortSignal): AsyncGenerator<number> {
    return this.apart((session) => tellFiles(session, namespace, take, signal));
  }

  private async *apart<T>(list: (session: MediafluxSession) => AsyncGenerator<T>): AsyncGenerator<T> {
    const session = this.session.another();
    try {
      yield* list(session);
    } finally {
      await session.logoff().catch((error: unknown) => {
        if (!isMediafluxError(error)) throw error;
      });
    }
  }

  /** Namespaces directly in each of `parents`, relative to `namespace` as these are. One that is not there holds none. */
  listFoldersIn(
    namespace: string,
    parents: AsyncIterable<readonly string[]>,
    signal?: AbortSignal,
  ): AsyncGenerator<string> {
    return listFoldersIn(this.session, namespace, parents, signal);
  }

  /** By queries of their own, independent of the listing. */
  summarize(namespace: string, signal?: AbortSignal): Promise<FolderSummary> {
    return summarize(this.session, namespace, signal);
  }

  /** The addresses in the metadata of the project that `namespace` belongs to, as they stand there, in Mediaflux' order. */
  readProjectContacts(namespace: string): Promise<string[]> {
    return readProjectContacts(this.session, namespace);
  }

  /** A file's content as a stream, with the service's own rights, checked while it comes. @throws MediafluxError */
  openContent(file: Pick<ListedFile, 'assetId' | 'size' | 'crc32'>, signal?: AbortSignal) {
    return openContent(this.session, file, { signal });
  }

  /** A session with a user's own authority; nothing is sent before its first use. */
  userSession(credentials: Credentials): UserSession {
    return new UserSession(this.session.another(credentials));
  }

  /** Logs off and closes every connection, within two seconds. */
  async close(): Promise<void> {
    await this.session.logoff().catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
    });
    await this.transport.close();
  }
}

/** Nothing else is ever destroyed by its path, whatever a caller says. */
function mustBeTrialFolder(namespace: string): void {
  if (!isTrialFolder(namespace)) throw new Error('This namespace is not the folder of a trial.');
}
