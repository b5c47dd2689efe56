import { z } from 'zod';
import { defineJob } from '../queue/index.js';

/** A dispatched manifest is laid out in folders before anybody looks. Declared here, done by `access`, which stands above. */
export const layOutFiles = defineJob({
  queue: 'deliveries',
  name: 'lay-out-files',
  payload: z.object({ manifestId: z.uuid() }),
  key: ({ manifestId }) => `lay-out-${manifestId}`,
});
