export { DataDirInUse } from './folder-lock.js';
export { type EmbeddedParts, startEmbedded } from './embedded.js';
export { portTaken, PortTaken } from './ports.js';
export { startPostgres } from './postgres.js';
