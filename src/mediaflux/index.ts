export { MediafluxModule } from './mediaflux.module.js';
export { type ListedFile, MediafluxGateway } from './gateway/gateway.js';
export { manifestDocument, type ManifestFacts } from './gateway/manifest-document.js';
export { UserSession } from './gateway/user-session.js';
export { crc32, crc32Text, isMediafluxError, MediafluxError, type MediafluxErrorKind } from './protocol/index.js';
