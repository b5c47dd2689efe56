export { AdvisoryLocks } from './advisory-locks.js';
export { DatabaseModule } from './database.module.js';
export { createDataSource, migrate } from './data-source.js';
export { CopyRows, uuidBytes } from './copy-rows.js';
export { ClientStreams, CopyStreams } from './copy-streams.js';
export { preparedRows, row, rows, Transactions, type Tx } from './transactions.js';
