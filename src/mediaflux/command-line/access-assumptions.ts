// Assumptions about roles, access lists and tokens.

import { xml } from '../protocol/index.js';
import {
  createNamespace,
  createNamespaceOnly,
  describeNamespace,
  describeSelf,
  destroyNamespace,
  destroyRole,
  grantAccess,
  grantServices,
  listNamespaces,
  namespaceExists,
  ownTokenEnd,
  revokeAccess,
  statFile,
  uploadFile,
} from '../services/index.js';
import { type Assumption, inherited, isAllowed, READ_SERVICES, reader, READING } from './assumption.js';
import { CannotBeTried, Copies, mustHold, textContent } from './site.js';

export const ACCESS_ASSUMPTIONS: readonly Assumption[] = [
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
      const copies = new Copies();
      const until = new Date(Date.now() + 600_000);
      const made = await site.shares.issueToken(shareId, 'upload', { namespace: mine, until, onCopy: copies.onCopy });
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
        await site.shares.end(shareId, mine, copies.entries);
      }
      const standing = await describeNamespace(site.session, mine);
      mustHold((standing?.acl.length ?? 0) === 0, 'entries of the share are left on the namespace');
    },
  },
  {
    number: 22,
    sentence: 'A token can be asked for with a length of 32.',
    async check(site) {
      const { token } = await site.token([{ type: 'role', name: await site.role() }]);
      mustHold(token.length === 32, `its length is ${token.length}`);
    },
  },
  {
    number: 24,
    sentence: 'A role that is destroyed gives no rights any more, to a session that is open neither.',
    async check(site) {
      const namespace = await site.namespace();
      const { role, session } = await reader(site, namespace);
      mustHold(await isAllowed(listNamespaces(session, namespace)), 'the role gives no rights');
      await destroyRole(site.session, role);
      mustHold(!(await isAllowed(listNamespaces(session, namespace))), 'its rights go on');
    },
  },
  {
    number: 26,
    sentence: 'The account may destroy a namespace that it made, with all that is in it.',
    async check(site) {
      const namespace = `${await site.namespace()}/gone`;
      await createNamespaceOnly(site.session, namespace, 'made to be destroyed');
      await uploadFile(site.session, `${namespace}/a`, textContent('a', 'a'));
      await destroyNamespace(site.session, namespace);
      mustHold(!(await namespaceExists(site.session, namespace)), 'it is still there');
    },
  },
];
