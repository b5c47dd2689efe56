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
  type: string;
  description?: string;
  ctime: number;
  mtime: number;
  stime: number;
  creator: string;
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
  /** Bound to one call: name and arguments. */
  service?: Element;
}

export interface DocTypeRecord {
  name: string;
  definition: Element;
}
