export { isOperatorOf, operatorRows, operatorsOf } from './operators.js';
export { deliverySummary, type DeliverySummary } from './shown-uploads.schema.js';
export { UploadReader } from './upload-reader.js';
export { dispatchUpload } from './uploads.jobs.js';
export { UploadsModule } from './uploads.module.js';
export { UploadsStore } from './uploads.store.js';
