export { type DeliverySummary, UploadReader } from './upload-reader.js';
export { dispatchUpload } from './uploads.jobs.js';
export { UploadsModule } from './uploads.module.js';
export { type UploadRow, UploadsStore } from './uploads.store.js';
export { UploadNotInState } from './uploads.errors.js';
