import { z } from 'zod';
import { defineJob } from '../../queue/index.js';

/** Streams a delivery's data into an end user's own namespace. */
export const copyContent = defineJob({
  queue: 'copies',
  name: 'copy-content',
  payload: z.object({ copyId: z.uuid() }),
  key: ({ copyId }) => `copy-${copyId}`,
});
