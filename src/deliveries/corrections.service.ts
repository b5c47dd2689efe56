// The operator's own correction of an address, up to a day after completion: the wrong link dies at once.

import { Inject, Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../auth/index.js';
import { Conflict, NotFound } from '../http/index.js';
import { ShareableCallers, ShareableLimitsService } from '../shares/index.js';
import { Clock } from '../time/index.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryReader } from './delivery-reader.js';

const CORRECTABLE_FOR_MS = 86_400_000;

@Injectable()
export class CorrectionsService {
  constructor(
    @Inject(DeliveriesService) private readonly deliveries: DeliveriesService,
    @Inject(DeliveryReader) private readonly reader: DeliveryReader,
    @Inject(ShareableCallers) private readonly callers: ShareableCallers,
    @Inject(ShareableLimitsService) private readonly limits: ShareableLimitsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws ShareableRevoked it sends nothing to anybody new; a wrong link of its own it may still end */
  async add(shareable: ShareableIdentity, uploadId: string, recipient: string, idempotencyKey: string | undefined) {
    await this.mustBeCorrectable(shareable, uploadId);
    const id = await this.deliveries.reshare(
      uploadId,
      { recipient },
      `shareable:${shareable.shareableId}`,
      idempotencyKey,
      async (tx, personId) => {
        await this.callers.holdActive(tx, shareable);
        const recipients = [{ address: recipient, path: 'recipient' }];
        await this.limits.hold(tx, shareable.shareableId, { uploads: 0, recipients });
        await this.limits.named(tx, shareable.shareableId, uploadId, [personId]);
      },
    );
    return { ...(await this.reader.summaryOf(id)), warnings: [] };
  }

  async revoke(shareable: ShareableIdentity, uploadId: string, deliveryId: string) {
    await this.mustBeCorrectable(shareable, uploadId);
    const ofUpload = await this.reader.ofUpload(uploadId);
    if (!ofUpload.some((delivery) => delivery.id === deliveryId)) throw new NotFound('delivery of this upload');
    await this.deliveries.revoke(deliveryId, `shareable:${shareable.shareableId}`);
    return this.reader.summaryOf(deliveryId);
  }

  private async mustBeCorrectable(shareable: ShareableIdentity, uploadId: string): Promise<void> {
    const completedAt = await this.reader.completedAtFor(shareable.shareableId, uploadId);
    if (completedAt === undefined) throw new NotFound('upload of this shareable');
    if (completedAt === null) throw new Conflict('The upload is not complete yet; change its recipients instead.');
    if (this.clock.now().getTime() - completedAt.getTime() > CORRECTABLE_FOR_MS) {
      throw new Conflict(
        'The upload was completed more than a day ago; an administrator can still correct its addresses.',
      );
    }
  }
}
