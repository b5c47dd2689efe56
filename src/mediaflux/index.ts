export { MediafluxModule } from './mediaflux.module.js';
export type { ListedFile } from './gateway/folder-listing.js';
export { MediafluxGateway } from './gateway/gateway.js';
export { projectOf } from './gateway/projects.js';
export { deliveriesDocument, type DeliveryFacts, manifestDocument } from './gateway/manifest-document.js';
export { trialFolder } from './gateway/trial-folder.rules.js';
export { UserSession } from './gateway/user-session.js';
export type { StoredFile } from './services/index.js';
export { isMediafluxError, MediafluxError, wantsSecondFactor } from './protocol/index.js';
