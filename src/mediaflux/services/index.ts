export {
  defineDocumentType,
  destroyFile,
  exactSize,
  openContent,
  statFile,
  type StoredFile,
  storedFile,
  uploadFile,
  writeDocumentAsset,
} from './assets.js';
export {
  type CreatedToken,
  createRole,
  createRoleNamespace,
  createToken,
  describeSelf,
  destroyRole,
  destroyToken,
  grantServices,
} from './authorization.js';
export {
  type AclEntry,
  createNamespace,
  describeNamespace,
  grantAccess,
  listNamespaces,
  type NamespaceDescription,
  namespaceExists,
  revokeAccess,
} from './namespaces.js';
export { queryCount, queryLargest, queryValues, quoted } from './queries.js';
export { serverVersion } from './server.js';
