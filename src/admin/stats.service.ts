// Figures of the whole installation.

import { Inject, Injectable } from '@nestjs/common';
import { row, Transactions } from '../database/index.js';

interface Stats {
  platforms: number;
  uploads: number;
  completed: number;
  files: number;
  bytes: number;
  deliveries: number;
  accessed: number;
  reminders: number;
  mails: number;
}

@Injectable()
export class StatsService {
  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  async run(): Promise<Stats | undefined> {
    return row<Stats>(
      this.transactions.pool,
      `select (select count(*) from platform) as platforms,
              u.uploads, u.completed, u.files, u.bytes, d.deliveries, d.accessed,
              (select count(*) from reminder where state = 'sent') as reminders,
              (select count(*) from mail_outbox where state = 'sent') as mails
         from (select count(*) as uploads, count(*) filter (where state = 'complete') as completed,
                      coalesce(sum(files) filter (where state = 'complete'), 0)::bigint as files,
                      coalesce(sum(bytes) filter (where state = 'complete'), 0)::bigint as bytes
                 from upload) u,
              (select count(*) as deliveries, count(accessed_at) as accessed from delivery) d`,
    );
  }
}
