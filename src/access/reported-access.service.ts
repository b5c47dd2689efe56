// Access that a person or a site's own script reports.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { findDelivery } from '../deliveries/index.js';
import { InvalidFields, NotFound } from '../http/index.js';
import { isId } from '../ids/index.js';
import { MailDispatcher } from '../mail/index.js';
import { Clock } from '../time/index.js';
import { isCounting, isPhaseOf } from './access.rules.js';
import type { ReportAccess } from './access.schema.js';
import { AccessStore } from './access.store.js';

@Injectable()
export class ReportedAccessService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async run(deliveryId: string, report: ReportAccess): Promise<void> {
    if (!isPhaseOf(report.method, report.phase)) {
      throw new InvalidFields([
        {
          path: 'phase',
          message:
            report.method === 'direct'
              ? 'of a direct link only "attempted" can be known'
              : `is not a phase of ${report.method}`,
        },
      ]);
    }
    const at = report.at === undefined ? this.clock.now() : new Date(report.at);
    if (at > this.clock.now()) throw new InvalidFields([{ path: 'at', message: 'must not be in the future' }]);
    await this.transactions.run(async (tx) => {
      const delivery = isId(deliveryId) ? await findDelivery(tx, deliveryId) : undefined;
      if (!delivery) throw new NotFound('delivery');
      const counts = isCounting(report.method, report.phase, true, true);
      await this.access.record(tx, delivery, {
        method: report.method,
        phase: report.phase,
        counts,
        at,
        details: { reported: true },
        remark: report.note,
      });
      await this.audit.record(tx, {
        actor: 'admin',
        action: 'access.reported',
        subjectKind: 'delivery',
        subjectId: deliveryId,
        after: { method: report.method, phase: report.phase },
      });
    });
    await this.mails.kick();
  }
}
