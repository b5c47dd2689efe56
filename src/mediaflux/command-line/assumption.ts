// One assumption of docs/mediaflux-assumptions.md as something that a server can be asked, and what several of them need.

import { isMediafluxError } from '../protocol/index.js';
import { describeNamespace, grantAccess, grantServices } from '../services/index.js';
import type { MediafluxSession } from '../session/index.js';
import type { Site } from './site.js';

export interface Assumption {
  /** As in the document. */
  number: number;
  /** One sentence that is true where it holds. */
  sentence: string;
  /** @throws DoesNotHold, CannotBeTried, MediafluxError */
  check(site: Site): Promise<void>;
}

export const READING = ['namespace:access', 'asset:access', 'asset-content:access'];
export const READ_SERVICES = {
  'asset.query': 'ACCESS',
  'asset.get': 'ACCESS',
  'asset.namespace.list': 'ACCESS',
  'asset.namespace.exists': 'ACCESS',
} as const;

/** Does the call work, or is it refused for want of rights? */
export async function isAllowed(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isMediafluxError(error, 'not-permitted', 'not-found', 'not-authenticated', 'session-expired')) return false;
    throw error;
  }
}

/** A role that may read services, on the list of a namespace, with a session that holds it. */
export async function reader(site: Site, namespace: string): Promise<{ role: string; session: MediafluxSession }> {
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
export async function inherited(site: Site, namespace: string) {
  for (let at = namespace; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const description = await describeNamespace(site.session, at);
    if (description && description.acl.length > 0) return description.acl;
  }
  return [];
}
