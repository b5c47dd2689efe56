export { type ClientCredential, ScopedCredentials } from './scoped-credentials.js';
export { MediafluxAddress } from './shares-mediaflux.js';
export { leftOf, type LimitQuestion } from './limits/limits.rules.js';
export { ShareableLimitsService } from './limits/limits.service.js';
export { ShareableCallers } from './shareable-callers.js';
export { ShareableRevocations } from './shareable-revocations.js';
export { ShareablesStore } from './shareables.store.js';
export { SharesModule } from './shares.module.js';
