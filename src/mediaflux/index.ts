export { MediafluxModule } from './mediaflux.module.js';
export type { ListedFile } from './gateway/folder-listing.js';
export { MediafluxGateway, projectOf } from './gateway/gateway.js';
export { deliveriesDocument, type DeliveryFacts, manifestDocument } from './gateway/manifest-document.js';
export { trialFolder } from './gateway/trial-folder.rules.js';
export { UserSession } from './gateway/user-session.js';
export { isMediafluxError, MediafluxError } from './protocol/index.js';
