export { serveApiDocument } from './api-document.js';
export { OperationsModule } from './operations.module.js';
export { Readiness } from './readiness.js';
