// Writes deliveries.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import { Ids } from '../ids/index.js';
import { enqueueMail } from '../mail/index.js';
import { Clock } from '../time/index.js';
import { DeliveryLinks } from './delivery-links.js';

export interface NewDelivery {
  /** Made here when it is not given. */
  id?: string;
  uploadId: string;
  platformId: string;
  personId: string;
  linkLifetime: string;
  /** 0 is the first dispatch; undefined: the next free one. */
  ordinal?: number;
}

export interface HandedOverDelivery {
  id: string;
  at: Date;
  expiresAt: Date;
  /** Another end than the mail says. */
  isChanged?: boolean;
}

/**
 * When the person first accessed the same upload, by another delivery, at or after the delivery `d` was dispatched: while
 * its mail was handed over. Product rule "Reminders" 2.
 */
const ACCESSED_SINCE = (dispatchedAt: string): string => `(
              select min(e.at)
                from delivery o
                join judged_access e on e.delivery_id = o.id
               where o.upload_id = d.upload_id
                 and o.person_id = d.person_id
                 and o.id <> d.id
                 and e.counts
                 and e.at >= ${dispatchedAt})`;

@Injectable()
export class DeliveriesStore {
  constructor(
    @Inject(Ids) private readonly ids: Ids,
    @Inject(DeliveryLinks) private readonly links: DeliveryLinks,
    @Inject(PublicAddress) private readonly address: PublicAddress,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Makes the delivery, its links and its mail; undefined when that one was made before. */
  async create(tx: Tx, wanted: NewDelivery): Promise<string | undefined> {
    const id = wanted.id ?? this.ids.next();
    const made = await row<{ id: string }>(
      tx,
      `insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id)
       select $1, $2, $3, $4,
              coalesce($5::int, (select coalesce(max(ordinal), -1) + 1 from delivery where upload_id = $2 and person_id = $4)),
              $6, $7
           on conflict (upload_id, person_id, ordinal) do nothing
    returning id`,
      [
        id,
        wanted.uploadId,
        wanted.platformId,
        wanted.personId,
        wanted.ordinal ?? null,
        wanted.linkLifetime,
        this.links.currentKeyId,
      ],
    );
    if (!made) return undefined;
    await this.links.register(tx, { id, linkGeneration: 0, linkKeyId: this.links.currentKeyId });
    await this.queueDispatch(tx, id, wanted.personId, 0);
    return id;
  }

  /** A new link and a new mail; what the former link opened it opens no more. */
  async renewLink(tx: Tx, id: string, linkLifetime: string): Promise<void> {
    await this.noteEnd(tx, id);
    const renewed = await row<{ link_generation: number; person_id: string }>(
      tx,
      `update delivery
          set link_generation = link_generation + 1, link_key_id = $2, link_lifetime = $3, handed_over_at = null,
              expires_at = null, undeliverable_at = null, expiry_edition = expiry_edition + 1
        where id = $1
    returning link_generation, person_id`,
      [id, this.links.currentKeyId, linkLifetime],
    );
    if (!renewed) throw new Error('A delivery vanished between two statements.');
    await this.links.register(tx, { id, linkGeneration: renewed.link_generation, linkKeyId: this.links.currentKeyId });
    await this.queueDispatch(tx, id, renewed.person_id, renewed.link_generation);
  }

  /** Keeps when the present link expired: a transfer that began by it may go on for a while. */
  private async noteEnd(tx: Tx, id: string): Promise<void> {
    await rows(
      tx,
      `update delivery_link l
          set ended_at = d.expires_at
         from delivery d
        where d.id = $1
          and l.delivery_id = d.id
          and l.generation = d.link_generation`,
      [id],
    );
  }

  async queueDispatch(tx: Tx, id: string, personId: string, generation: number): Promise<void> {
    await enqueueMail(tx, {
      id: this.ids.next(),
      kind: 'dispatch',
      subjectId: id,
      personId,
      messageId: `<dispatch-${id}-${generation}@${this.address.host}>`,
      dedupeKey: `dispatch:${id}:${generation}`,
      atMostOnce: false,
      dueAt: this.clock.now(),
    });
  }

  /** Queues one mail to each person, once for `about`. */
  async queueOperatorMails(
    tx: Tx,
    kind: string,
    subjectId: string,
    personIds: readonly string[],
    about = subjectId,
  ): Promise<void> {
    for (const personId of personIds) {
      await enqueueMail(tx, {
        id: this.ids.next(),
        kind,
        subjectId,
        personId,
        messageId: `<${kind}-${about}-${personId}@${this.address.host}>`,
        dedupeKey: `${kind}:${about}:${personId}`,
        atMostOnce: false,
        dueAt: this.clock.now(),
      });
    }
  }

  /** The lifetime runs from the hand-over of the mail that is the present one. The deliveries are held already. */
  async handedOver(tx: Tx, deliveries: readonly HandedOverDelivery[]): Promise<void> {
    await rows(
      tx,
      `update delivery d
          set handed_over_at = h.at, expires_at = h.expires_at,
              expiry_edition = d.expiry_edition + h.is_changed::int,
              accessed_at = least(d.accessed_at, ${ACCESSED_SINCE('h.at')})
         from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::boolean[])
              as h(id, at, expires_at, is_changed)
        where d.id = h.id
          and d.handed_over_at is null`,
      [
        deliveries.map(({ id }) => id),
        deliveries.map(({ at }) => at),
        deliveries.map(({ expiresAt }) => expiresAt),
        deliveries.map(({ isChanged }) => isChanged ?? false),
      ],
    );
  }

  /** To a moment that may be sooner: a reminder that would have waited until then or longer is judged at once. */
  async extend(tx: Tx, id: string, linkLifetime: string, expiresAt: Date): Promise<void> {
    await rows(
      tx,
      `update delivery set link_lifetime = $2, expires_at = $3, expiry_edition = expiry_edition + 1 where id = $1`,
      [id, linkLifetime, expiresAt],
    );
    await rows(
      tx,
      `update mail_outbox m
          set next_attempt_at = $3
         from reminder r
        where r.delivery_id = $1
          and r.state = 'pending'
          and m.kind in ('reminder', 'reminder-digest')
          and m.subject_id in (r.id, r.digest_id)
          and m.state = 'pending'
          and m.next_attempt_at >= $2`,
      [id, expiresAt, this.clock.now()],
    );
  }

  /** The lifetime that begins when its mail is handed over. */
  async extendPending(tx: Tx, id: string, linkLifetime: string): Promise<void> {
    await rows(tx, `update delivery set link_lifetime = $2 where id = $1`, [id, linkLifetime]);
  }
}
