// Shares out of attested parts (reference 2.5): a role for the share, an entry for it in one namespace's access list,
// and identity tokens that hold it. Everybody else's rights are the same before, during and after.

import { dateArgument, MediafluxError, type ServerZone, xml } from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';
import {
  type AclEntry,
  createRole,
  createRoleNamespace,
  createToken,
  describeNamespace,
  destroyRole,
  destroyToken,
  grantAccess,
  grantServices,
  ownTokens,
  quoted,
  revokeAccess,
} from '../services/index.js';

const ROLE_NAMESPACE = 'dispatch';
const SHARE_ROLE = `${ROLE_NAMESPACE}:share-`;
const roleOf = (shareId: string): string => `${SHARE_ROLE}${shareId}`;

const READING = ['namespace:access', 'asset:access', 'asset-content:access'];
const WRITING = [
  ...['access', 'create', 'destroy'].map((word) => `namespace:${word}`),
  ...['access', 'create', 'modify', 'destroy'].map((word) => `asset:${word}`),
  ...['access', 'modify'].map((word) => `asset-content:${word}`),
];

const READ_SERVICES = {
  'asset.query': 'ACCESS',
  'asset.query.iterate': 'ACCESS',
  'asset.query.iterator.destroy': 'ACCESS',
  'asset.get': 'ACCESS',
  'asset.exists': 'ACCESS',
  'asset.content.get': 'ACCESS',
  'asset.namespace.exists': 'ACCESS',
  'asset.namespace.list': 'ACCESS',
  'asset.namespace.describe': 'ACCESS',
  'asset.archive.create': 'ACCESS',
} as const;
const WRITE_SERVICES = {
  ...READ_SERVICES,
  'asset.create': 'MODIFY',
  'asset.set': 'MODIFY',
  'asset.destroy': 'MODIFY',
  'asset.namespace.create': 'MODIFY',
  'asset.namespace.destroy': 'MODIFY',
  'server.io.job.create': 'MODIFY',
  'server.io.job.describe': 'ACCESS',
  'server.io.write': 'MODIFY',
  'server.io.write.finish': 'MODIFY',
} as const;
const SERVICE_ROLES = {
  upload: { role: `${ROLE_NAMESPACE}:uploader`, services: WRITE_SERVICES },
  download: { role: `${ROLE_NAMESPACE}:downloader`, services: READ_SERVICES },
};

export type ShareKind = keyof typeof SERVICE_ROLES;

/** Told what is about to be copied into the list of a namespace, before it is. */
export type OnCopy = (entries: readonly AclEntry[]) => Promise<void>;

interface SharedNamespace {
  namespace: string;
  /** When the token ends. */
  until: Date;
  /** Stands at the end of the token's tag. */
  credentialId?: string;
  onCopy: OnCopy;
}

export class ScopedShares {
  private prepared: Promise<void> | undefined;

  constructor(private readonly session: MediafluxSession) {}

  /** A further token for the share; what it needs is made when it is missing. */
  async issueToken(shareId: string, kind: ShareKind, share: SharedNamespace) {
    const { until } = share;
    const zone = await this.open(shareId, kind, share);
    const made = await createToken(this.session, {
      roles: [
        { type: 'role', name: roleOf(shareId) },
        { type: 'role', name: SERVICE_ROLES[kind].role },
      ],
      to: dateArgument(until, zone),
      tag: tagOf(kind, share),
    });
    return { tokenId: made.id, token: made.token, expiresAt: until };
  }

  /** A token bound to one `asset.archive.create` of the namespace. */
  async issueZipToken(shareId: string, share: SharedNamespace, maxUses: number) {
    const { namespace, until } = share;
    const zone = await this.open(shareId, 'download', share);
    return createToken(this.session, {
      roles: [
        { type: 'role', name: roleOf(shareId) },
        { type: 'role', name: SERVICE_ROLES.download.role },
      ],
      to: dateArgument(until, zone),
      useCount: maxUses,
      tag: tagOf('zip', share),
      service: {
        name: 'asset.archive.create',
        args: [
          xml('where', `namespace>=${quoted(namespace)}`),
          xml('for', 'user'),
          xml('format', 'zip'),
          xml('remove-path-prefix', namespace),
        ],
      },
    });
  }

  /** Destroys tokens that were made for these credentials. Answers how many there were. */
  async destroyTokensOf(credentialIds: readonly string[]): Promise<number> {
    const wanted = new Set(credentialIds);
    const found = (await ownTokens(this.session)).filter(({ tag }) => wanted.has(tag.split(' ').at(-1) ?? ''));
    for (const { id } of found) await destroyToken(this.session, id);
    return found.length;
  }

  /**
   * Takes the share's entry and role away. When no other share is left on the namespace, the entries that were copied
   * there when the first began go too, unless somebody has put others beside them or changed them, and inheritance holds
   * again. True when nothing that was put there is left.
   * @param copied what was copied; undefined: not known, so that what is inherited now is taken for it
   */
  async end(shareId: string, namespace: string, copied: readonly AclEntry[] | undefined): Promise<boolean> {
    const description = await describeNamespace(this.session, namespace);
    const mine = description?.acl.filter((entry) => entry.actorName === roleOf(shareId)) ?? [];
    const others = description?.acl.filter((entry) => entry.actorName !== roleOf(shareId)) ?? [];
    const isLast = !others.some((entry) => entry.actorName.startsWith(SHARE_ROLE));
    if (description && mine.length > 0) {
      const copies = isLast ? (copied ?? (await this.inherited(namespace))) : [];
      // In one call, so that the service account is never without rights in between.
      await revokeAccess(this.session, namespace, isLast && sameEntries(others, copies) ? [...mine, ...others] : mine);
    }
    await destroyRole(this.session, roleOf(shareId));
    return isLast;
  }

  /** Makes what the share needs and is missing. Answers the zone in which the server reads dates. */
  private async open(
    shareId: string,
    kind: ShareKind,
    { namespace, onCopy }: SharedNamespace,
  ): Promise<ServerZone | undefined> {
    this.prepared ??= this.prepare();
    await this.prepared.catch((error: unknown) => {
      this.prepared = undefined;
      throw error;
    });
    const role = roleOf(shareId);
    await createRole(this.session, role, 'One share of the dispatch service; destroyed when it ends.');
    const description = await describeNamespace(this.session, namespace);
    if (description?.acl.some((entry) => entry.actorName === role)) return description.zone;
    // The first entry on a namespace shuts inherited rights out (inherit-acls: only-if-no-acls): bring them along.
    const inherited = description && description.acl.length === 0 ? await this.inherited(namespace) : [];
    if (description?.acl.length === 0) await this.mayShutNobodyOut(namespace, inherited, onCopy);
    const access = kind === 'upload' ? WRITING : READING;
    await grantAccess(this.session, namespace, [...inherited, { actorType: 'role', actorName: role, access }]);
    return description?.zone;
  }

  /** @throws MediafluxError no list is told above, so that nobody knows who would be shut out */
  private async mayShutNobodyOut(namespace: string, inherited: readonly AclEntry[], onCopy: OnCopy): Promise<void> {
    if (inherited.length === 0)
      throw new MediafluxError(
        'service-error',
        `Mediaflux tells no access list for ${namespace} or above it, so that a share of it could shut its owners out; nothing was shared. See docs/mediaflux-assumptions.md, 2 and 3.`,
        { service: 'asset.namespace.describe' },
      );
    await onCopy(inherited);
  }

  /** The entries of the nearest namespace above that has some of its own. */
  private async inherited(namespace: string): Promise<AclEntry[]> {
    for (let at = namespace; at !== '';) {
      at = parentOf(at);
      const description = await describeNamespace(this.session, at === '' ? '/' : at);
      if (description && description.acl.length > 0) return description.acl;
    }
    return [];
  }

  private async prepare(): Promise<void> {
    await createRoleNamespace(this.session, ROLE_NAMESPACE);
    for (const { role, services } of Object.values(SERVICE_ROLES)) {
      await createRole(this.session, role, 'What shares of the dispatch service may call.');
      await grantServices(this.session, role, services);
    }
  }
}

const tagOf = (kind: string, { credentialId }: SharedNamespace): string =>
  ['instrument-dispatch', kind, ...(credentialId === undefined ? [] : [credentialId])].join(' ');

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function sameEntries(left: readonly AclEntry[], right: readonly AclEntry[]): boolean {
  const normal = (entries: readonly AclEntry[]) =>
    entries.map((entry) => `${entry.actorType} ${entry.actorName} ${[...entry.access].sort().join(' ')}`).sort();
  return JSON.stringify(normal(left)) === JSON.stringify(normal(right));
}
