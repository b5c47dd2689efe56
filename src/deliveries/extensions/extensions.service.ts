// Requests for more time as administrators see and decide them. Granting one is a new link and a new mail; saying the
// same again changes nothing.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../../audit/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { Conflict, decodeCursor, NotFound, pageOf } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { findPlatform } from '../../platforms/index.js';
import { Clock, zonedIso } from '../../time/index.js';
import { DeliveriesService } from '../deliveries.service.js';
import { type DeliveryFacts, findDelivery } from '../delivery-facts.js';
import { ExtensionRequestsStore, type ListedExtensionRequest } from './extension-requests.store.js';
import type { DeclineExtension, GrantExtension, ListExtensionRequests } from './extensions.schema.js';

@Injectable()
export class ExtensionsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ExtensionRequestsStore) private readonly requests: ExtensionRequestsStore,
    @Inject(DeliveriesService) private readonly deliveries: DeliveriesService,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async list(query: ListExtensionRequests) {
    const after = decodeCursor(query.cursor, ['id'])?.[0];
    const found = await this.requests.list(this.transactions.pool, query, after as string | undefined);
    return pageOf(found, query.limit, view, ({ id }) => [id]);
  }

  /** @throws Conflict it was declined, or the delivery was revoked or its data are gone */
  async grant(id: string, { linkLifetime }: GrantExtension) {
    await this.transactions.run(async (tx) => {
      const { request, delivery } = await this.held(tx, id);
      if (request.state === 'granted') return;
      if (request.state === 'declined')
        throw new Conflict('The request was declined; extend the delivery instead, if it is to go on after all.');
      const lifetime = linkLifetime ?? (await findPlatform(tx, delivery.platformId))?.linkLifetime;
      if (lifetime === undefined) throw new NotFound('platform');
      await this.deliveries.extendHeld(tx, delivery, lifetime);
    });
    await this.mails.kick();
    return this.get(id);
  }

  /** @throws Conflict it was granted */
  async decline(id: string, { reason }: DeclineExtension) {
    await this.transactions.run(async (tx) => {
      const { request, delivery } = await this.held(tx, id);
      if (request.state === 'declined') return;
      if (request.state === 'granted')
        throw new Conflict('The request was granted and its mail is written; revoke the delivery to end its link.');
      await this.requests.decide(tx, delivery.id, { state: 'declined', reason: reason ?? null, at: this.clock.now() });
      // The reason is free text and may name somebody: it stands with the request only.
      await this.audit.record(tx, {
        actor: 'admin',
        action: 'extension.declined',
        subjectKind: 'delivery',
        subjectId: delivery.id,
        after: { requestId: id },
      });
    });
    return this.get(id);
  }

  private async get(id: string) {
    const request = await this.requests.find(this.transactions.pool, id);
    if (!request) throw new NotFound('request for more time');
    return view(request);
  }

  /** The request as it is while the delivery's row is held. */
  private async held(tx: Tx, id: string): Promise<{ request: ListedExtensionRequest; delivery: DeliveryFacts }> {
    const found = isId(id) ? await this.requests.find(tx, id) : undefined;
    const delivery = found && (await findDelivery(tx, found.deliveryId, true));
    const request = delivery && (await this.requests.find(tx, id));
    if (!request) throw new NotFound('request for more time');
    return { request, delivery };
  }
}

const view = (request: ListedExtensionRequest) => ({
  id: request.id,
  deliveryId: request.deliveryId,
  uploadId: request.uploadId,
  folder: request.folder,
  platform: { id: request.platformId, name: request.platform },
  recipient: request.recipient,
  state: request.state,
  reason: request.reason,
  linkLifetime: request.linkLifetime,
  requestedAt: zonedIso(request.requestedAt, request.timeZone),
  decidedAt: request.decidedAt && zonedIso(request.decidedAt, request.timeZone),
});
