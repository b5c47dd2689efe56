// Ends a run whose mails have all ended, and queues what operators are told of it in the same transaction: so it is told
// once, whatever breaks. Product rule "Reminders" 5; defaults Q14 to Q16 of instrument-workflow 6.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions, type Tx } from '../../database/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { isMediafluxError, MediafluxGateway } from '../../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../../persons/index.js';
import { findPlatform, type Platform } from '../../platforms/index.js';
import { Clock } from '../../time/index.js';
import { type RunRow, RunsStore } from '../runs.store.js';
import { NoticesStore } from './notices.store.js';

type Address = NonNullable<ReturnType<typeof parseAddress>>;

@Injectable()
export class OperatorNotices {
  private readonly logger = new Logger('reminders');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(NoticesStore) private readonly notices: NoticesStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: Pick<MediafluxGateway, 'readProjectContacts'>,
    @Inject(MailDispatcher) private readonly mails: Pick<MailDispatcher, 'kick'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws MediafluxError the project's metadata are wanted and Mediaflux is away: the run is to be ended later */
  async finish(run: RunRow): Promise<void> {
    const { pool } = this.transactions;
    const platform = await findPlatform(pool, run.platform_id);
    if (!platform) return;
    const { operatorNotice } = platform.reminders;
    const isTold = operatorNotice !== 'none' && (await this.notices.isAnyTold(pool, run.id));
    const contact = isTold && operatorNotice === 'project-metadata' ? await this.contact(platform, run.id) : undefined;
    await this.transactions.run(async (tx) => {
      if (isTold) await this.queue(tx, platform, run.id, contact);
      await this.runs.setState(tx, run.id, 'finished', this.clock.now());
    });
    await this.mails.kick();
  }

  private async queue(tx: Tx, platform: Platform, runId: string, contact: Address | undefined): Promise<void> {
    const { operatorNotice, noticeForm } = platform.reminders;
    const now = this.clock.now();
    const contactId = contact && (await this.persons.idOf(tx, contact));
    const target = operatorNotice === 'shareable' ? 'shareable' : contactId ? 'project-metadata' : 'fallback';
    const queued = await this.notices.queue(tx, runId, noticeForm, contactId, now);
    if (queued > 0) await this.notices.noted(tx, runId, target, now);
  }

  /** The first valid address in the project's metadata; undefined, and logged, where there is none. */
  private async contact(platform: Platform, runId: string): Promise<Address | undefined> {
    const [address] = (await this.written(platform.namespace)).flatMap((written) => parseAddress(written) ?? []);
    if (!address)
      this.logger.warn(
        { platformId: platform.id, runId },
        "The metadata of the platform's project name no valid address; the notice of a reminder run goes to the addresses of the upload shareables.",
      );
    return address;
  }

  private async written(namespace: string): Promise<string[]> {
    try {
      return await this.mediaflux.readProjectContacts(namespace);
    } catch (error) {
      if (isMediafluxError(error, 'not-found', 'not-permitted', 'invalid-arguments')) return [];
      throw error;
    }
  }
}
