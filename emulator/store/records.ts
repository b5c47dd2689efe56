// What the emulator remembers.

import type { Element } from '../xml/element.js';

export interface AclEntry {
  actorType: string;
  actorName: string;
  /** As in `namespace:create`, `asset:access`, `asset-content:modify`. */
  access: string[];
}

export interface NamespaceRecord {
  id: number;
  path: string;
  description?: string;
  ctime: number;
  creator: string;
  acl: AclEntry[];
  /** Largest sum of contents in and below it, in bytes. */
  quotaBytes?: number;
}

export interface ContentRecord {
  id: number;
  file: string;
  size: number;
  crc: number;
  ctime: number;
  stime: number;
  type: string;
}

export interface AssetRecord {
  id: number;
  version: number;
  vid: number;
  namespace: string;
  /** Null for an asset without a name. */
  name: string | null;
  /** The collection it is a member of. */
  parent?: number;
  /** It may have members. */
  isCollection?: boolean;
  /** Largest sum of the contents of its members and theirs. */
  quota?: { bytes: number; description: string; mtime: number };
  accumulators?: { id: number; type: string; name: string; stime: number }[];
  labels?: string[];
  type: string;
  description?: string;
  ctime: number;
  mtime: number;
  stime: number;
  creator: string;
  /** Who made this version. */
  modifier?: string;
  content?: ContentRecord;
  documents: { id: number; element: Element }[];
}

export interface UserRecord {
  id: number;
  domain: string;
  user: string;
  /** SHA-256 of salt and password, hexadecimal. */
  salt: string;
  passwordHash: string;
}

export interface RoleRecord {
  name: string;
  creator: string;
}

/** What an actor was granted; the key is `type:name`, as in `role:x` or `user:demo:ada`. */
export interface GrantRecord {
  roles: string[];
  /** Service to ACCESS, MODIFY or ADMINISTER. */
  permissions: Record<string, string>;
}

export interface TokenRecord {
  id: number;
  identity: number;
  tokenHash: string;
  owner: string;
  roles: { type: string; name: string }[];
  permissions: Record<string, string>;
  from?: number;
  to?: number;
  usesLeft?: number;
  app?: string;
  tag?: string;
  description?: string;
  /** The token dies when this service is called with it. */
  destroyOnCall?: string;
  /** Bound to one call: name and arguments. */
  service?: Element;
}

export interface DocTypeRecord {
  name: string;
  definition: Element;
  /** Who made it; not recorded in older data folders. */
  creator?: string;
}

/** Content that comes in pieces (reference 4). */
export interface IoJobRecord {
  ticket: number;
  owner: string;
  store: string;
  file: string;
  isFinished: boolean;
  /** What came in order from the start so far; missing when a piece came out of order. */
  inOrder?: { size: number; crc: number };
  /** Told when the job was finished. */
  size?: number;
  crc?: number;
}

/** A call that runs in the background (reference 9). */
export interface TaskRecord {
  id: number;
  owner: string;
  description?: string;
  key?: string;
  service: string;
  state: TaskState;
  startedAt: number;
  endedAt?: number;
  /** Calls in it, and how many have been made. */
  total: number;
  completed: number;
  error?: string;
  /** `reply` elements, once completed. */
  replies?: Element[];
}

export type TaskState = 'pending' | 'executing' | 'completed' | 'abort-pending' | 'aborted' | 'failed' | 'suspended';
