export { AuditModule } from './audit.module.js';
export { AuditStore } from './audit.store.js';
export { auditEntries, type ChainedKind, ChainedKinds, sealedInstant } from './chained-kinds.js';
export { ChainsStore } from './chains.store.js';
export { type ChainReport, type KnownHead, verifyChains } from './verify-chains.js';
