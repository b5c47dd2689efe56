// The direct link: a short-lived address at Mediaflux that streams a zip. That it was tried is recorded before the
// browser is sent there; whether it finished cannot be known.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../auth/index.js';
import { Transactions, type Tx } from '../database/index.js';
import { zipName } from '../deliveries/index.js';
import { MailDispatcher } from '../mail/index.js';
import { ScopedCredentials } from '../shares/index.js';
import { Clock } from '../time/index.js';
import { isCounting } from './access.rules.js';
import { AccessStore } from './access.store.js';
import { admit, refuse } from './link-admission.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';
import { SharedDataService } from './shared-data.service.js';

@Injectable()
export class DirectDownloadService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Where the zip is, for a scanner too: it may be a person after all. @throws Unavailable no link could be made: nothing counts */
  async run(link: LinkIdentity, requesting: RequestingClient): Promise<string> {
    const facts = await this.data.factsFor(link, 'direct');
    const share = { uploadId: facts.uploadId, deliveryId: facts.id, namespace: facts.dataNamespace };
    const admission = async (tx: Tx) => {
      await admit(tx, link, this.clock.now());
      return { notAfter: null };
    };
    const address = await this.credentials
      .issueZipLink(share, zipName(facts.folder), admission)
      .catch((error: unknown) => refuse(this.transactions.pool, link, error, this.clock.now()));
    await this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const { client, isScanner, details } = await this.judge.judge(tx, facts.id, requesting, now);
      await this.access.record(tx, facts, {
        method: 'direct',
        phase: 'attempted',
        counts: isCounting('direct', 'attempted', true, true) && !isScanner,
        at: now,
        details,
        client,
      });
    });
    await this.mails.kick();
    return address;
  }
}
