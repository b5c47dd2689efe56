// A completed upload becomes deliveries, one for each recipient, with their mails, in one transaction. What a shareable
// uploaded that was revoked and stopped is held: an administrator dispatches it by resharing, or not at all.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, Transactions, type Tx } from '../database/index.js';
import { MailDispatcher } from '../mail/index.js';
import { JobQueue, type JobProcessor, Processes } from '../queue/index.js';
import { dispatchUpload, operatorsOf } from '../uploads/index.js';
import { layOutFiles } from './deliveries.jobs.js';
import { DeliveriesStore } from './deliveries.store.js';

@Injectable()
@Processes(dispatchUpload)
export class DispatchUploadProcessor implements JobProcessor<{ uploadId: string }> {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(JobQueue) private readonly queue: JobQueue,
  ) {}

  async process({ uploadId }: { uploadId: string }): Promise<void> {
    const manifestId = await this.transactions.run(async (tx) => {
      const upload = await row<{
        platform_id: string;
        link_lifetime: string;
        shareable_id: string | null;
        manifest_id: string;
      }>(
        tx,
        `select u.platform_id, u.shareable_id, u.manifest_id, p.link_lifetime
           from upload u
           join platform p on p.id = u.platform_id
          where u.id = $1
            and u.state = 'complete'
            and u.dispatched_at is null
            for update of u`,
        [uploadId],
      );
      if (!upload || (await this.isHeld(tx, upload.shareable_id))) return undefined;
      const recipients = await rows<{ person_id: string }>(
        tx,
        'select person_id from upload_recipient where upload_id = $1 order by position, person_id',
        [uploadId],
      );
      for (const { person_id: personId } of recipients) {
        await this.deliveries.create(tx, {
          uploadId,
          platformId: upload.platform_id,
          personId,
          linkLifetime: upload.link_lifetime,
          ordinal: 0,
        });
      }
      await this.deliveries.queueOperatorMails(tx, 'upload-complete', uploadId, await operatorsOf(tx, uploadId));
      await rows(tx, 'update upload set dispatched_at = now() where id = $1', [uploadId]);
      return upload.manifest_id;
    });
    await this.mails.kick();
    if (manifestId !== undefined) await this.queue.add(layOutFiles, { manifestId });
  }

  /** The shareable's row is held until the deliveries stand: a stop comes before, or finds them and holds their mails. */
  private async isHeld(tx: Tx, shareableId: string | null): Promise<boolean> {
    const shareable = await row<{ isStopped: boolean }>(
      tx,
      'select stopped_at is not null as "isStopped" from upload_shareable where id = $1 for share',
      [shareableId],
    );
    return shareable?.isStopped ?? false;
  }

  /** Completed uploads whose job was lost. */
  async sweep(): Promise<void> {
    const waiting = await rows<{ id: string }>(
      this.transactions.pool,
      `select u.id
         from upload u
        where u.state = 'complete'
          and u.dispatched_at is null
          and not exists (select 1 from upload_shareable s where s.id = u.shareable_id and s.stopped_at is not null)
        order by u.completed_at, u.id
        limit 100`,
    );
    for (const { id } of waiting) await this.queue.add(dispatchUpload, { uploadId: id });
  }
}
