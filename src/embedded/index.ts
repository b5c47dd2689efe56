export { DataDirInUse } from './folder-lock.js';
export { type EmbeddedParts, type Endpoints, startEmbedded } from './embedded.js';
export { portTaken, PortTaken } from './ports.js';
export { startPostgres } from './postgres.js';
