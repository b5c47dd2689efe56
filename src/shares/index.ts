export { type ClientCredential, ScopedCredentials } from './scoped-credentials.js';
export { MediafluxAddress } from './shares-mediaflux.js';
export { ShareableRevocations } from './shareable-revocations.js';
export { ShareablesStore } from './shareables.store.js';
export { SharesModule } from './shares.module.js';
