export { type ArchivedContent, type CameWhole, readTogether } from './archives.js';
export {
  createFile,
  destroyFile,
  openContent,
  putFile,
  readContent,
  statFile,
  type StoredFile,
  storedFile,
  uploadFile,
} from './assets.js';
export { defineDocumentType, replaceDocument, writeDocumentAsset } from './documents.js';
export {
  createRole,
  createRoleNamespace,
  createToken,
  describeSelf,
  destroyRole,
  destroyToken,
  ownTokens,
  grantServices,
} from './authorization.js';
export {
  type AclEntry,
  type NamespaceDescription,
  createNamespace,
  createNamespaceOnly,
  describeNamespace,
  destroyNamespace,
  grantAccess,
  listNamespaces,
  namespaceExists,
  revokeAccess,
} from './namespaces.js';
export { queryBatches, queryCount, queryLargest, queryTaken, queryValues, quoted } from './queries.js';
export { type InPiecesOptions, storeOfNamespace, uploadInPieces } from './pieces.js';
export { finishingMs, type PieceProgress } from './pieces-end.js';
export { ownTokenEnd, serverVersion } from './server.js';
