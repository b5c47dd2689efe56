export { chainedLooks } from './later-looks/chained-looks.js';
export { LaterLooks } from './later-looks/later-looks.js';
export { LookReader } from './later-looks/look-reader.js';
export { isOperatorOf, operatorRows, operatorsOf } from './operators.js';
export { type DeliverySummary, UploadReader } from './upload-reader.js';
export { dispatchUpload } from './uploads.jobs.js';
export { UploadsModule } from './uploads.module.js';
export { UploadsStore } from './uploads.store.js';
export { whomToTell } from './whom-to-tell.js';
