export { AuditModule } from './audit.module.js';
export { AuditStore } from './audit.store.js';
