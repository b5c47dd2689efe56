// Changes of deliveries by administrators and, for a day, by the operator: reshare, extend, revoke.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import { Transactions, type Tx } from '../database/index.js';
import { Conflict, earlierResult, InvalidFields, NotFound } from '../http/index.js';
import { Ids, isId } from '../ids/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { findPlatform } from '../platforms/index.js';
import { ScopedCredentials } from '../shares/index.js';
import { Clock, durationMs } from '../time/index.js';
import { UploadsStore } from '../uploads/index.js';
import { type DeliveryFacts, findDelivery } from './delivery-facts.js';
import type { Reshare } from './deliveries.schema.js';
import { deliveryState } from './delivery-state.rules.js';
import { DeliveriesStore } from './deliveries.store.js';
import { ExtensionRequestsStore } from './extensions/extension-requests.store.js';
import { markDelivery } from './delivery-marks.js';

@Injectable()
export class DeliveriesService {
  private readonly logger = new Logger('deliveries');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(ExtensionRequestsStore) private readonly requests: ExtensionRequestsStore,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  /** Dispatches the upload once more, to the same or another address. */
  async reshare(
    uploadId: string,
    { recipient, linkLifetime, language }: Reshare,
    actor: string,
    idempotencyKey?: string,
    /** In the transaction, before the delivery is made; what it throws stops it. */
    mayBeMade?: (tx: Tx, personId: string) => Promise<void>,
  ): Promise<string> {
    const address = parseAddress(recipient);
    if (!address)
      throw new InvalidFields([{ path: 'recipient', message: 'must be an e-mail address, such as ada@example.org' }]);
    const id = await this.transactions.run(async (tx) => {
      const upload = isId(uploadId) ? await this.uploads.find(tx, uploadId, true) : undefined;
      if (!upload) throw new NotFound('upload');
      if (upload.state !== 'complete')
        throw new Conflict(`The upload is ${upload.state}; only a complete one can be dispatched.`);
      const newId = this.ids.next();
      const earlier = await earlierResult(
        tx,
        { scope: `deliveries:${uploadId}`, key: idempotencyKey, request: { recipient, linkLifetime, language } },
        newId,
      );
      if (earlier !== undefined) return earlier;
      const platform = await findPlatform(tx, upload.platform_id);
      if (!platform) throw new NotFound('platform');
      const personId = await this.persons.idOf(tx, address);
      await mayBeMade?.(tx, personId);
      const isLanguageNew = language !== undefined && (await this.persons.setLanguage(tx, personId, language));
      const made = await this.deliveries.create(tx, {
        id: newId,
        uploadId,
        platformId: platform.id,
        personId,
        linkLifetime: linkLifetime ?? platform.linkLifetime,
      });
      if (made === undefined)
        throw new Conflict('Another delivery to this person was made at the same moment; look before trying again.');
      await this.record(tx, actor, 'delivery.created', made, {
        uploadId,
        personId,
        ...(isLanguageNew ? { language } : {}),
      });
      return made;
    });
    await this.mails.kick();
    return id;
  }

  /** From now. A live link stays; one that has expired never comes back: a new link and a new mail. */
  async extend(id: string, linkLifetime: string): Promise<void> {
    await this.transactions.run(async (tx) => this.extendHeld(tx, await this.locked(tx, id), linkLifetime));
    await this.mails.kick();
  }

  /** The same with the delivery's row held. An open request for more time is granted with it. */
  async extendHeld(tx: Tx, delivery: DeliveryFacts, linkLifetime: string): Promise<void> {
    const { id } = delivery;
    const now = this.clock.now();
    const state = deliveryState(delivery, now);
    if (state === 'revoked' || state === 'gone')
      throw new Conflict(`The delivery is ${state}; reshare the upload instead.`);
    if (state === 'expired') await this.deliveries.renewLink(tx, id, linkLifetime);
    else if (state === 'pending') await this.deliveries.extendPending(tx, id, linkLifetime);
    else await this.deliveries.extend(tx, id, linkLifetime, new Date(now.getTime() + durationMs(linkLifetime)));
    const requestId = await this.requests.decide(tx, id, { state: 'granted', linkLifetime, at: now });
    await this.record(tx, 'admin', 'delivery.extended', id, {
      linkLifetime,
      ...(requestId === undefined ? {} : { requestId }),
    });
  }

  /** The link dies at once here, and its credentials in Mediaflux as soon as it can be reached. */
  async revoke(id: string, actor: string): Promise<void> {
    const namespace = await this.transactions.run(async (tx) => {
      const delivery = await this.locked(tx, id);
      if (await markDelivery(tx, id, 'revoked_at', this.clock.now()))
        await this.record(tx, actor, 'delivery.revoked', id, {});
      await this.requests.decide(tx, id, { state: 'declined', reason: 'revoked', at: this.clock.now() });
      await this.credentials.requestEnd(tx, id);
      return delivery.dataNamespace;
    });
    await this.credentials.finishEnding(id, namespace).catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
      this.logger.warn(
        { deliveryId: id },
        'The credentials of a revoked delivery end as soon as Mediaflux can be reached.',
      );
    });
  }

  private async locked(tx: Tx, id: string): Promise<DeliveryFacts> {
    const delivery = isId(id) ? await findDelivery(tx, id, true) : undefined;
    if (!delivery) throw new NotFound('delivery');
    return delivery;
  }

  private record(
    tx: Tx,
    actor: string,
    action: string,
    subjectId: string,
    after: Record<string, unknown>,
  ): Promise<void> {
    return this.audit.record(tx, { actor, action, subjectKind: 'delivery', subjectId, after });
  }
}
