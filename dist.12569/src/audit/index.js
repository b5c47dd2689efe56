export { AuditModule } from './audit.module.js';
export { AuditStore } from './audit.store.js';
export { auditEntries, ChainedKinds, sealedInstant } from './chained-kinds.js';
export { ChainsStore } from './chains.store.js';
export { verifyChains } from './verify-chains.js';

//# sourceMappingURL=index.js.map
