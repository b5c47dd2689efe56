// The outbox as administrators see it: what was sent to whom, when, and what came of it. Never what it said.

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { rows, Transactions } from '../database/index.js';
import { decodeCursor, pageOf, pageQuery, typedText } from '../http/index.js';

export const mailQuery = pageQuery.extend({ state: typedText().max(50).optional(), subject: z.uuid().optional() });
export type MailQuery = z.infer<typeof mailQuery>;

interface MailRow {
  id: string;
  kind: string;
  state: string;
  recipient: string;
  subject_id: string;
  message_id: string;
  attempt: number;
  reason: string | null;
  created_at: Date;
  sent_at: Date | null;
}

@Injectable()
export class MailListService {
  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  async run(query: MailQuery) {
    const after = decodeCursor(query.cursor, ['id']);
    const found = await rows<MailRow>(
      this.transactions.pool,
      `select m.id, m.kind, m.state, p.address as recipient, m.subject_id, m.message_id, m.attempt, m.reason, m.created_at, m.sent_at
         from mail_outbox m
         join person p on p.id = m.person_id
        where ($1::text is null or m.state = $1)
          and ($2::uuid is null or m.subject_id = $2)
          and ($3::uuid is null or m.id < $3)
        order by m.id desc
        limit $4::int`,
      [query.state ?? null, query.subject ?? null, after?.[0] ?? null, query.limit + 1],
    );
    return pageOf(
      found,
      query.limit,
      (mail) => ({
        id: mail.id,
        kind: mail.kind,
        state: mail.state,
        recipient: mail.recipient,
        subjectId: mail.subject_id,
        messageId: mail.message_id,
        attempts: mail.attempt,
        reason: mail.reason,
        createdAt: mail.created_at.toISOString(),
        sentAt: mail.sent_at?.toISOString() ?? null,
      }),
      (mail) => [mail.id],
    );
  }
}
