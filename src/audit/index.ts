export { AuditModule } from './audit.module.js';
export { AuditStore, type AuditChange } from './audit.store.js';
