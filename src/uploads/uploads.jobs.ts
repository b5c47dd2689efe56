import { z } from 'zod';
import { defineJob } from '../queue/index.js';

const ofUpload = z.object({ uploadId: z.uuid() });

/** Compares manifest and Mediaflux, and completes the upload when they agree. */
export const verifyUpload = defineJob({
  queue: 'uploads',
  name: 'verify-upload',
  payload: ofUpload,
  key: ({ uploadId }) => `verify-${uploadId}`,
});

/** A completed upload becomes deliveries. Declared here, done by `deliveries`, which stands above. */
export const dispatchUpload = defineJob({
  queue: 'deliveries',
  name: 'dispatch-upload',
  payload: ofUpload,
  key: ({ uploadId }) => `dispatch-${uploadId}`,
});
