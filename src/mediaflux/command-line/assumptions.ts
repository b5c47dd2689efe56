// Every assumption of docs/mediaflux-assumptions.md, by its number there, as something that a server can be asked.

import { MANIFEST_TYPE, manifestDefinition } from '../gateway/manifest-document.js';
import { childNamed, crc32, crc32Text, isMediafluxError, textAt, xml } from '../protocol/index.js';
import {
  createNamespace,
  defineDocumentType,
  describeNamespace,
  describeSelf,
  grantAccess,
  grantServices,
  listNamespaces,
  openContent,
  ownTokenEnd,
  queryCount,
  queryLargest,
  queryValues,
  quoted,
  revokeAccess,
  statFile,
  storeOfNamespace,
  uploadFile,
  uploadInPieces,
} from '../services/index.js';
import type { MediafluxSession } from '../session/index.js';
import { CannotBeTried, mustHold, type Site, textContent } from './site.js';

export interface Assumption {
  number: number;
  /** One sentence that is true where it holds. */
  sentence: string;
  /** @throws DoesNotHold, CannotBeTried, MediafluxError */
  check(site: Site): Promise<void>;
}

const READING = ['namespace:access', 'asset:access', 'asset-content:access'];
const READ_SERVICES = {
  'asset.query': 'ACCESS',
  'asset.get': 'ACCESS',
  'asset.namespace.list': 'ACCESS',
  'asset.namespace.exists': 'ACCESS',
} as const;

/** Does the call work, or is it refused for want of rights? */
async function isAllowed(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isMediafluxError(error, 'not-permitted', 'not-found', 'not-authenticated', 'session-expired')) return false;
    throw error;
  }
}

/** A role that may read services, on the list of a namespace, with a session that holds it. */
async function reader(site: Site, namespace: string): Promise<{ role: string; session: MediafluxSession }> {
  const role = await site.role();
  await grantServices(site.session, role, READ_SERVICES);
  await grantAccess(site.session, namespace, [
    ...(await inherited(site, namespace)),
    { actorType: 'role', actorName: role, access: READING },
  ]);
  const { token } = await site.token([{ type: 'role', name: role }]);
  return { role, session: site.as(token) };
}

/** Entries in force, which a first one of our own would shut out. */
async function inherited(site: Site, namespace: string) {
  for (let at = namespace; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const description = await describeNamespace(site.session, at);
    if (description && description.acl.length > 0) return description.acl;
  }
  return [];
}

export const ASSUMPTIONS: readonly Assumption[] = [
  {
    number: 1,
    sentence:
      'The account may make roles in a role namespace, give them service permissions, and make tokens that hold them.',
    async check(site) {
      const role = await site.role();
      await grantServices(site.session, role, READ_SERVICES);
      const { token } = await site.token([{ type: 'role', name: role }]);
      const who = await describeSelf(site.as(token));
      mustHold(who.type === 'identity', `the token's session is of type '${who.type}'`);
    },
  },
  {
    number: 2,
    sentence: 'A namespace is described with its access list in the form of a grant, and with the caller’s rights.',
    async check(site) {
      const namespace = await site.namespace();
      const { role } = await reader(site, namespace);
      const description = await describeNamespace(site.session, namespace);
      mustHold(description !== undefined, 'the namespace is not described');
      mustHold(description.access.has('create-assets'), 'the description tells no right to create assets');
      const entry = description.acl.find((one) => one.actorName === role);
      mustHold(entry !== undefined, 'the granted entry is not in the description');
      mustHold(
        READING.every((word) => entry.access.includes(word)),
        `the entry is told with other rights: ${entry.access.join(', ')}`,
      );
    },
  },
  {
    number: 3,
    sentence: 'The first entry on a namespace shuts inherited rights out.',
    async check(site) {
      const parent = await site.namespace();
      const child = `${parent}/child`;
      await createNamespace(site.session, child);
      const { session } = await reader(site, parent);
      mustHold(await isAllowed(listNamespaces(session, child)), 'rights are not inherited by a child without a list');
      const own = await site.role();
      const mine = (await inherited(site, child)).filter((entry) => entry.actorType !== 'role');
      await grantAccess(site.session, child, [...mine, { actorType: 'role', actorName: own, access: READING }]);
      mustHold(
        !(await isAllowed(listNamespaces(session, child))),
        'inherited rights go on beside the first entry: bringing them along is not needed here, and does no harm',
      );
    },
  },
  {
    number: 4,
    sentence: 'Several entries can be taken off a namespace’s list in one call.',
    async check(site) {
      const namespace = await site.namespace();
      const roles = [await site.role(), await site.role()];
      const before = await inherited(site, namespace);
      const entries = roles.map((role) => ({ actorType: 'role', actorName: role, access: READING }));
      await grantAccess(site.session, namespace, [...before, ...entries]);
      await revokeAccess(site.session, namespace, entries);
      const left = (await describeNamespace(site.session, namespace))?.acl ?? [];
      mustHold(
        !left.some((entry) => roles.includes(entry.actorName)),
        'entries are still there after they were revoked',
      );
    },
  },
  {
    number: 5,
    sentence: 'A date in an argument is in the zone that a namespace’s description tells.',
    async check(site) {
      const role = await site.role();
      const soon = await site.token([{ type: 'role', name: role }], 10);
      mustHold(
        await isAllowed(describeSelf(site.as(soon.token))),
        'a token that ends in ten minutes has ended already',
      );
      const gone = await site.token([{ type: 'role', name: role }], -10).catch((error: unknown) => {
        if (isMediafluxError(error)) return undefined;
        throw error;
      });
      mustHold(
        gone === undefined || !(await isAllowed(describeSelf(site.as(gone.token)))),
        'a token that ended ten minutes ago still works',
      );
    },
  },
  {
    number: 6,
    sentence: 'A token that was destroyed opens no session any more.',
    async check(site) {
      const role = await site.role();
      const { id, token } = await site.token([{ type: 'role', name: role }]);
      await describeSelf(site.as(token));
      await site.session.call('secure.identity.token.destroy', [xml('id', id)]);
      mustHold(!(await isAllowed(describeSelf(site.as(token)))), 'a destroyed token still opens a session');
    },
  },
  {
    number: 7,
    sentence:
      '`asset.set` on a path with `create` takes content, and an `asset.get` in the same call tells size and CRC-32.',
    async check(site) {
      const path = `${await site.namespace()}/größe & co.txt`;
      const text = 'first';
      const held = await uploadFile(site.session, path, textContent('a.txt', text));
      mustHold(held.size === text.length, `the size is told as ${held.size ?? 'nothing'}`);
      mustHold(
        held.crc32 === crc32Text(crc32(Buffer.from(text))),
        `the checksum is told as ${held.crc32 ?? 'nothing'}`,
      );
      const again = await uploadFile(site.session, path, textContent('a.txt', 'second!'));
      mustHold(again.assetId === held.assetId, 'a second content made another asset');
    },
  },
  {
    number: 8,
    sentence:
      'Queries find a namespace and all below it, count it, tell its newest change, and list it through an iterator.',
    async check(site) {
      const namespace = await site.namespace();
      await createNamespace(site.session, `${namespace}/deep`);
      for (const path of ['a', 'deep/b', 'deep/c'])
        await uploadFile(site.session, `${namespace}/${path}`, textContent('x', path));
      const where = `namespace>=${quoted(namespace)}`;
      const count = await queryCount(site.session, where);
      mustHold(count === 3, `it counts ${count} of 3 assets`);
      const newest = await queryLargest(site.session, where, 'stime');
      mustHold(newest !== undefined, 'no newest change is told');
      const names = [];
      for await (const asset of queryValues(site.session, where, { name: 'name', size: 'content/size' }))
        names.push(textAt(asset, 'name'));
      mustHold(names.sort().join() === 'a,b,c', `it lists ${names.join(', ')}`);
      await uploadFile(site.session, `${namespace}/a`, textContent('x', 'changed'));
      mustHold((await queryLargest(site.session, where, 'stime')) !== newest, 'a changed content is no newer change');
    },
  },
  {
    number: 9,
    sentence:
      'A token bound to `asset.archive.create` streams a zip at execute.mfjp, as often as its use count says; a HEAD uses none up.',
    async check(site) {
      const namespace = await site.namespace();
      await uploadFile(site.session, `${namespace}/a.txt`, textContent('a', 'in the zip'));
      const until = new Date(Date.now() + 600_000);
      const shareId = `check-${Date.now()}`;
      try {
        const { id, token } = await site.shares.issueZipToken(shareId, namespace, until, 1);
        site.keepTrackOf(id);
        const url = `${site.url}/mflux/execute.mfjp?token=${token}&filename=a.zip`;
        await (await fetch(url, { method: 'HEAD' })).arrayBuffer();
        const zip = Buffer.from(await (await fetch(url)).arrayBuffer());
        mustHold(zip.subarray(0, 2).toString() === 'PK', 'what is answered is no zip');
        mustHold(zip.includes('a.txt'), 'the file is not in the zip');
        mustHold(!zip.includes(`${namespace.slice(1)}/a.txt`), 'the path prefix was not removed');
        const second = Buffer.from(await (await fetch(url)).arrayBuffer());
        mustHold(second.subarray(0, 2).toString() !== 'PK', 'a second use is answered after a use count of one');
      } finally {
        await site.shares.end(shareId, namespace);
      }
    },
  },
  {
    number: 10,
    sentence: 'A document `dispatch:project` can be asked for in queries.',
    async check(site) {
      await queryCount(
        site.session,
        `namespace=${quoted(site.scratch)} and xpath(dispatch:project/contact/email) has value`,
      );
    },
  },
  {
    number: 11,
    sentence: 'The account may define the document type `dispatch:manifest` and set it on an asset.',
    async check(site) {
      const path = `${await site.namespace()}/manifest`;
      await defineDocumentType(
        site.session,
        MANIFEST_TYPE,
        'Manifest of an upload by the dispatch service',
        manifestDefinition(),
      );
      const document = xml(MANIFEST_TYPE, [xml('upload-id', 'check')], { 'xmlns:dispatch': 'dispatch' });
      await site.session.execute(
        [{ service: 'asset.set', args: [xml('id', `path=${path}`), xml('create', true), xml('meta', [document])] }],
        textContent('m', '{}'),
      );
      const found = await queryCount(
        site.session,
        `namespace=${quoted(path.slice(0, path.lastIndexOf('/')))} and xpath(${MANIFEST_TYPE}/upload-id)='check'`,
      );
      mustHold(found === 1, 'the manifest is not found by its document');
    },
  },
  {
    number: 12,
    sentence: 'A user may make an identity token that stands for themselves.',
    async check(site) {
      if ('token' in site.credentials) throw new CannotBeTried('the account logs on with a token, not as a user');
      const { domain, user } = site.credentials;
      const { token } = await site.token([{ type: 'user', name: `${domain}:${user}` }]);
      mustHold(
        (await describeNamespace(site.as(token), site.scratch))?.access.has('create') === true,
        'the token has not the rights of its user',
      );
    },
  },
  {
    number: 13,
    sentence: '`asset.content.get` with an offset brings the rest of a content in the packet form.',
    async check(site) {
      const path = `${await site.namespace()}/a.txt`;
      const held = await uploadFile(site.session, path, textContent('a', '0123456789'));
      const parts = [];
      for await (const part of await openContent(site.session, held, { offset: 4 })) parts.push(part);
      const rest = Buffer.concat(parts).toString();
      mustHold(rest === '456789', `it brings '${rest.slice(0, 40)}'`);
    },
  },
  {
    number: 14,
    sentence: 'A content goes up in pieces through an IO ticket, and becomes an asset with the checksum of the whole.',
    async check(site) {
      const namespace = await site.namespace();
      const store = await storeOfNamespace(site.session, namespace);
      mustHold(store !== undefined, 'the description of a namespace names no store');
      const bytes = Buffer.from('a content in three pieces');
      const held = await uploadInPieces(
        site.session,
        `${namespace}/pieces`,
        { name: 'p', size: bytes.length, read: (from, length) => [bytes.subarray(from, from + length)] },
        { store, pieceBytes: 10 },
      );
      mustHold(held.size === bytes.length && held.crc32 === crc32Text(crc32(bytes)), 'the asset is not the content');
    },
  },
  {
    number: 15,
    sentence: 'A token’s session is told when the token ends.',
    async check(site) {
      const role = await site.role();
      await grantServices(site.session, role, { 'secure.identity.token.describe': 'ACCESS' });
      const { token, endsAt } = await site.token([{ type: 'role', name: role }]);
      const told = await ownTokenEnd(site.as(token));
      mustHold(told !== undefined, 'no end is told, so readiness cannot show the days left');
      mustHold(told.getTime() === endsAt.getTime(), `the end is told as ${told.toISOString()}`);
    },
  },
  {
    number: 16,
    sentence: 'A share’s token reads and writes in its namespace and nowhere else, and ends with the share.',
    async check(site) {
      const [mine, other] = [await site.namespace(), await site.namespace()];
      const shareId = `check-${Date.now()}`;
      const until = new Date(Date.now() + 600_000);
      const made = await site.shares.issueToken(shareId, 'upload', mine, until);
      site.keepTrackOf(made.tokenId);
      try {
        const session = site.as(made.token);
        await uploadFile(session, `${mine}/in`, textContent('in', 'in'));
        mustHold((await statFile(site.session, `${mine}/in`)) !== undefined, 'what the token wrote is not there');
        mustHold(
          !(await isAllowed(uploadFile(session, `${other}/out`, textContent('out', 'out')))),
          'it writes elsewhere',
        );
        mustHold((await statFile(site.session, `${other}/out`)) === undefined, 'it writes elsewhere');
      } finally {
        await site.shares.end(shareId, mine);
      }
      const standing = await describeNamespace(site.session, mine);
      mustHold((standing?.acl.length ?? 0) === 0, 'entries of the share are left on the namespace');
    },
  },
  {
    number: 17,
    sentence: 'A session that is over is told with the words `session is not valid`.',
    async check(site) {
      const reply = await site.transport.post(
        '<request><service name="server.ping" session="none"></service></request>',
        { 'content-type': 'text/xml' },
      );
      const parts: Buffer[] = [];
      for await (const part of reply.body) parts.push(part);
      mustHold(Buffer.concat(parts).toString('utf8').includes('session is not valid'), 'it is told in other words');
    },
  },
  {
    number: 18,
    sentence: 'The server tells its version.',
    async check(site) {
      const result = await site.session.call('server.version');
      mustHold(childNamed(result, 'version') !== undefined, 'no version is told');
    },
  },
];
