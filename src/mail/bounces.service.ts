// Reports that a mail did not arrive. A hard one marks the delivery undeliverable: reminders stop, and the operator is
// told once. A soft one is recorded. The same report twice is one.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import { row, Transactions, type Tx } from '../database/index.js';
import { Ids } from '../ids/index.js';
import { PersonsStore } from '../persons/index.js';
import { Clock } from '../time/index.js';
import { type BounceReport, readBounceReport } from './bounce-report.js';
import { isGivenUp, isHardBounce, outcomeFor, type RecipientStatus } from './bounce-report.rules.js';
import { MailDispatcher } from './mail-dispatcher.js';
import { MailKinds, type QueuedMail } from './mail-kinds.js';
import { BounceRefused } from './mail.errors.js';
import { ReturnAddresses } from './return-addresses.js';

export type BounceOutcome = 'undeliverable' | 'recorded' | 'seen-before';

type Told = RecipientStatus & Pick<BounceReport, 'sha256'>;

@Injectable()
export class BouncesService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ReturnAddresses) private readonly returnAddresses: ReturnAddresses,
    @Inject(MailKinds) private readonly kinds: MailKinds,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  /** @throws BounceRefused with the reason */
  async run(raw: Buffer) {
    const report = await readBounceReport(raw);
    if ('refused' in report) throw new BounceRefused(report.refused);
    const answer = await this.transactions.run(async (tx) => {
      const mail = await this.mailOf(tx, report);
      const address = (await this.persons.addressesOf(tx, [mail.personId])).get(mail.personId) ?? '';
      const told = outcomeFor(report.recipients, address);
      const deliveryId = (await this.kinds.of(mail.kind)?.deliveryOf?.(tx, mail)) ?? null;
      const outcome = await this.record(tx, mail, deliveryId, { ...told, sha256: report.sha256 });
      return { mailId: mail.id, deliveryId, action: told.action, status: told.status, outcome };
    });
    await this.mails.kick();
    return answer;
  }

  /** By the address that the report was sent to, which nobody can make up; else by the Message-ID that it returns. */
  private async mailOf(tx: Tx, report: BounceReport): Promise<QueuedMail> {
    const named = report.addresses
      .map((address) => this.returnAddresses.mailOf(address))
      .filter((found) => found !== undefined);
    const [ours] = named.filter((found) => 'mailId' in found);
    if (!ours && named.length > 0)
      throw new BounceRefused('The return address in the report was not made by this service.');
    const found = ours
      ? await findMail(tx, 'id = $1::uuid', ours.mailId)
      : report.messageId === undefined
        ? undefined
        : await findMail(tx, 'message_id = $1', report.messageId);
    if (!found) throw new BounceRefused('The report names no mail that this service has sent.');
    return found;
  }

  private async record(tx: Tx, mail: QueuedMail, deliveryId: string | null, told: Told): Promise<BounceOutcome> {
    const { action, status } = told;
    const isHard = isHardBounce(told);
    const kind = this.kinds.of(mail.kind);
    const id = this.ids.next();
    const made = await row(
      tx,
      `insert into mail_bounce (id, mail_id, delivery_id, report_sha256, severity, action, status)
       values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (mail_id, report_sha256) do nothing
    returning id`,
      [id, mail.id, deliveryId, told.sha256, isHard ? 'hard' : 'soft', action, status],
    );
    if (!made) return 'seen-before';
    const isMarked = isHard && ((await kind?.bounced?.(tx, mail, this.clock.now())) ?? false);
    if (!isHard && isGivenUp(told)) await kind?.gaveUp?.(tx, mail);
    await this.audit.record(tx, {
      actor: 'admin',
      action: 'mail.bounced',
      subjectKind: deliveryId === null ? 'mail' : 'delivery',
      subjectId: deliveryId ?? mail.id,
      after: { mailId: mail.id, severity: isHard ? 'hard' : 'soft', action, status },
    });
    return isMarked ? 'undeliverable' : 'recorded';
  }
}

const findMail = (tx: Tx, condition: string, value: string): Promise<QueuedMail | undefined> =>
  row<QueuedMail>(
    tx,
    `select id, kind, subject_id as "subjectId", person_id as "personId", message_id as "messageId"
       from mail_outbox
      where ${condition}
      order by id
      limit 1`,
    [value],
  );
