// Asks for the outbox to be looked at now. Called after the commit; what this misses, the sweep finds.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { JobQueue } from '../queue/index.js';
import { sendMails } from './mail.jobs.js';

@Injectable()
export class MailDispatcher {
  private readonly logger = new Logger('mail');

  constructor(@Inject(JobQueue) private readonly queue: JobQueue) {}

  async kick(): Promise<void> {
    await this.queue.add(sendMails, {}).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'The queue could not be told of a mail; the next sweep sends it.');
    });
  }
}
