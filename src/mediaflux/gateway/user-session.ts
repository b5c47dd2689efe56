// What is done with a user's own authority, for the copy method: Mediaflux itself decides where they may write.

import pLimit from 'p-limit';
import { type ContentSource, dateArgument, isMediafluxError } from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';
import {
  createFile,
  createNamespace,
  createNamespaceOnly,
  createToken,
  describeNamespace,
  describeSelf,
  destroyToken,
  listNamespaces,
  type NamespaceDescription,
  statFile,
  type StoredFile,
} from '../services/index.js';

/** Where projects are (reference: instrument-workflow 1). */
const PROJECTS = '/projects';
/** A list for people; who sees more projects than this types. */
const MOST_PROJECTS = 200;
const DESCRIBED_AT_ONCE = 4;

/** `missing`: neither there nor visible. `read-only`: the user may not make namespaces and assets in it. */
export type Place = 'writable' | 'read-only' | 'missing';

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

  /** The credentials were refused for good; false also where a logon failed in words that may mean something else. */
  get isRefused(): boolean {
    return this.session.state.refused;
  }

  async placeAt(namespace: string): Promise<Place> {
    const description = await describeNamespace(this.session, namespace);
    if (!description) return 'missing';
    return isWritable(description) ? 'writable' : 'read-only';
  }

  /**
   * Full paths of the projects in which the user may make namespaces and assets, by name. Mediaflux is asked for what it
   * lets them see, and then for their rights on each.
   * @returns `isWhole` false: they see more projects than were looked at
   */
  async writableProjects(): Promise<{ namespaces: string[]; isWhole: boolean }> {
    const names = await listNamespaces(this.session, PROJECTS).catch((error: unknown) => {
      if (isMediafluxError(error, 'not-found', 'not-permitted')) return [];
      throw error;
    });
    const seen = names.map((name) => `${PROJECTS}/${name}`).sort();
    const looked = seen.slice(0, MOST_PROJECTS);
    const limit = pLimit(DESCRIBED_AT_ONCE);
    const places = await Promise.all(looked.map((namespace) => limit(() => this.placeAt(namespace))));
    return {
      namespaces: looked.filter((_, index) => places[index] === 'writable'),
      isWhole: seen.length <= MOST_PROJECTS,
    };
  }

  /** With its parents. */
  createNamespace(namespace: string): Promise<void> {
    return createNamespace(this.session, namespace);
  }

  /** @throws MediafluxError not-found: its parent is missing */
  createNamespaceOnly(namespace: string): Promise<void> {
    return createNamespaceOnly(this.session, namespace);
  }

  stat(path: string): Promise<StoredFile | undefined> {
    return statFile(this.session, path);
  }

  /** Writes a file where there is none. @throws MediafluxError already-exists, and what the content's source threw */
  write(path: string, content: ContentSource, signal?: AbortSignal): Promise<StoredFile> {
    return createFile(this.session, path, content, { signal });
  }

  close(): Promise<void> {
    return this.session.logoff();
  }
}

const isWritable = ({ access }: NamespaceDescription): boolean => access.has('create') && access.has('create-assets');
