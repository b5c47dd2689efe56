// What operators are told of runs, and the shareables that say whom to tell; on the stage of a file.

import { insert, makePerson } from '../support/make.js';
import { type Due, parsedMail, type Stage } from './stage.js';

export interface Shareable {
  id: string;
  /** Whom it notifies. */
  operator: string;
}

export interface Notice {
  subject: string;
  text: string;
  html: string;
}

export class Notified {
  private shareables = 0;

  constructor(private readonly stage: Stage) {}

  async makeShareable(platformId: string, operatorId?: string): Promise<Shareable> {
    const { dataSource } = this.stage.database;
    const personId = operatorId ?? (await makePerson(dataSource));
    const [{ id }] = (await this.stage.query<{ id: string }>(
      `insert into upload_shareable (id, platform_id, label, ask_name, ask_keywords)
       values (gen_random_uuid(), $1, 'PC', true, true) returning id`,
      [platformId],
    )) as [{ id: string }];
    await insert(dataSource, 'upload_shareable_notify', { shareable_id: id, person_id: personId, position: 0 });
    return { id, operator: `${personId}@example.org` };
  }

  /** Of an upload that came through the shareable. */
  async makeDueOf(platformId: string, shareable: Shareable | undefined, hours = 200): Promise<Due> {
    const due = await this.stage.makeDue(platformId, hours);
    if (shareable)
      await this.stage.query('update upload set shareable_id = $2, use_number = $3 where id = $1', [
        due.uploadId,
        shareable.id,
        (this.shareables += 1),
      ]);
    return due;
  }

  /** The mail server knows none of these. */
  refuse(...refused: Due[]): void {
    this.stage.server.at = (step, { to }) =>
      step === 'RCPT' && refused.some(({ recipient }) => recipient === to)
        ? { reply: '550 5.1.1 No such user' }
        : undefined;
  }

  /** Notices to the address. */
  told(address: string): Promise<Notice[]> {
    const mails = this.stage.server.to(address).filter((mail) => mail.messageId.startsWith('<reminder-notice'));
    return Promise.all(
      mails.map(async (mail) => {
        const { subject = '', text = '', html } = await parsedMail(mail.raw);
        return { subject, text, html: html || '' };
      }),
    );
  }
}

export const one = <T>(found: readonly T[]): T => {
  if (found.length !== 1) throw new Error(`There are ${found.length} instead of one.`);
  return found[0] as T;
};
