export { AdvisoryLocks } from './advisory-locks.js';
export { DatabaseModule } from './database.module.js';
export { createDataSource, migrate } from './data-source.js';
export { CopiedRows } from './copied-rows.js';
export { CopyRows, uuidBytes } from './copy-rows.js';
export { ClientStreams, CopyStreams } from './copy-streams.js';
export { type Prepared, prepared, preparedRows } from './prepared.js';
export { Together } from './together.js';
export { row, rows, Transactions, type Tx } from './transactions.js';
