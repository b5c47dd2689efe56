export { isOperatorOf, operatorRows, operatorsOf } from './operators.js';
export { type DeliverySummary, UploadReader } from './upload-reader.js';
export { dispatchUpload } from './uploads.jobs.js';
export { UploadsModule } from './uploads.module.js';
export { UploadsStore } from './uploads.store.js';
