// What is asked of the project that a platform belongs to: may the service work there, and whom does it name?

import { childrenNamed, isMediafluxError } from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';
import { describeNamespace, namespaceExists, queryValues, quoted } from '../services/index.js';
import { parentOf } from './scoped-shares.js';

export type NamespaceCheckAnswer =
  { problem: null } | { problem: 'no-project' | 'no-namespace' | 'may-not-write'; detail: string };

/** Where the project's own metadata says whom to ask. A document of ours: see docs/mediaflux-assumptions.md. */
const PROJECT_CONTACT = 'dispatch:project/contact/email';
/** Assets of a project that name somebody; one is usual. */
const MOST_CONTACTS = 100;

/** May the service work in this namespace? Plain words if not. @throws MediafluxError it could not be asked */
export async function checkPlatformNamespace(
  session: MediafluxSession,
  namespace: string,
): Promise<NamespaceCheckAnswer> {
  const project = projectOf(namespace);
  if (project !== namespace && !(await namespaceExists(session, project))) {
    return {
      problem: 'no-project',
      detail: `Mediaflux has no project namespace ${project} that the service account can see; ask for it to be made, or correct the path.`,
    };
  }
  const description = await describeNamespace(session, namespace);
  if (!description) {
    return {
      problem: 'no-namespace',
      detail: `Mediaflux has no namespace ${namespace} that the service account can see; make it there first, or give the service account access.`,
    };
  }
  const missing = ['access', 'create', 'create-assets', 'administer'].filter((right) => !description.access.has(right));
  if (missing.length > 0) {
    return {
      problem: 'may-not-write',
      detail: `The service account lacks the rights ${missing.join(', ')} on ${namespace} in Mediaflux; ask the project's administrator to grant them.`,
    };
  }
  return { problem: null };
}

/** The addresses in the metadata of the project that `namespace` belongs to, as they stand there, in Mediaflux' order. */
export async function readProjectContacts(session: MediafluxSession, namespace: string): Promise<string[]> {
  const where = `namespace=${quoted(projectOf(namespace))} and xpath(${PROJECT_CONTACT}) has value`;
  try {
    return await contactsOf(session, where);
  } catch (error) {
    if (!isMediafluxError(error, 'session-expired')) throw error;
    return contactsOf(session, where);
  }
}

async function contactsOf(session: MediafluxSession, where: string): Promise<string[]> {
  const contacts: string[] = [];
  for await (const asset of queryValues(session, where, { contact: PROJECT_CONTACT })) {
    contacts.push(...childrenNamed(asset, 'contact').map(({ text }) => text.trim()));
    if (contacts.length >= MOST_CONTACTS) break;
  }
  return contacts.filter((contact) => contact !== '');
}

/** The ancestor whose name begins with `proj-` (reference: instrument-workflow 1); the namespace itself if none does. */
export function projectOf(namespace: string): string {
  for (let at = namespace; at !== ''; at = parentOf(at)) {
    if (at.slice(at.lastIndexOf('/') + 1).startsWith('proj-')) return at;
  }
  return namespace;
}
