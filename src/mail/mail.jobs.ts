import { z } from 'zod';
import { defineJob } from '../queue/index.js';

/** Sends what is due. One of these at a time is enough for a process: it empties the outbox. */
export const sendMails = defineJob({
  queue: 'mail',
  name: 'send-mails',
  payload: z.object({}),
  key: () => 'send-mails',
});
