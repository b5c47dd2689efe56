export { AccessModule } from './access.module.js';
export { chainedAccess } from './chained-records.js';

//# sourceMappingURL=index.js.map
