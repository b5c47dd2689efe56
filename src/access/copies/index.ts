import { ContentCopying } from './content-copying.js';
import { CopiesApiController } from './copies-api.controller.js';
import { CopiesService } from './copies.service.js';
import { CopiesStore } from './copies.store.js';
import { CopyContentProcessor } from './copy-content.processor.js';
import { CopyLogonsService } from './copy-logons.service.js';
import { CopyLogonsStore } from './copy-logons.store.js';
import { CopyRequests } from './copy-requests.js';
import { CopySweeps } from './copy-sweeps.js';
import { LogonTries } from './logon-tries.js';
import { StartCopyService } from './start-copy.service.js';
import { UserLogons } from './user-logons.js';

export { Bandwidth } from './bandwidth.js';
export type { SeenCopy } from './copies.store.js';
export { LOGON_LIFE_MS, type Projects } from './copy-logons.service.js';
export { mustBeWritable } from './destination.js';
export { CopiesApiController, CopiesService, CopyLogonsService, StartCopyService };

/** What the module of access provides for copies. */
export const copyProviders = [
  ContentCopying,
  CopiesService,
  CopiesStore,
  CopyContentProcessor,
  CopyLogonsService,
  CopyLogonsStore,
  CopyRequests,
  CopySweeps,
  LogonTries,
  StartCopyService,
  UserLogons,
];
