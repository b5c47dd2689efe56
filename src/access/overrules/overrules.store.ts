// Overrules: the last one on an event says whether it counts. They are only ever added, as events are.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../../database/index.js';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { Ids } from '../../ids/index.js';
import type { AccessMethod, AccessPhase } from '../access.rules.js';

export interface OverruledEvent {
  id: string;
  method: AccessMethod;
  phase: AccessPhase;
  /** By the last overrule, or as it was recorded. */
  counts: boolean;
}

export interface Overrule {
  eventId: string;
  counts: boolean;
  /** `admin`; `server` where the hidden link was followed just after; `recipient` of their own direct downloads. */
  actor: string;
  at: Date;
}

@Injectable()
export class OverrulesStore {
  constructor(@Inject(Ids) private readonly ids: Ids) {}

  event(tx: Tx, deliveryId: string, eventId: string): Promise<OverruledEvent | undefined> {
    return row<OverruledEvent>(
      tx,
      'select id, method, phase, counts from judged_access where id = $1 and delivery_id = $2',
      [eventId, deliveryId],
    );
  }

  async add(tx: Tx, delivery: Pick<DeliveryFacts, 'id' | 'platformId'>, overrule: Overrule): Promise<string> {
    const id = this.ids.next();
    await rows(
      tx,
      `insert into access_overrule (id, event_id, delivery_id, platform_id, counts, actor, at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, overrule.eventId, delivery.id, delivery.platformId, overrule.counts, overrule.actor, overrule.at],
    );
    return id;
  }

  /**
   * What the recipient says of the direct downloads of one delivery: none of those that count worked, or those that they
   * said so of did. What an administrator, or the hidden link, said last stays.
   */
  async overruleDirect(
    tx: Tx,
    delivery: Pick<DeliveryFacts, 'id' | 'platformId'>,
    { counts, at }: Pick<Overrule, 'counts' | 'at'>,
  ): Promise<void> {
    const said = await rows<{ id: string }>(
      tx,
      `select id
         from judged_access
        where delivery_id = $1
          and method = 'direct'
          and case when $2::boolean then not counts and overruled_by = 'recipient' else counts end
        order by at, id`,
      [delivery.id, counts],
    );
    for (const { id: eventId } of said) await this.add(tx, delivery, { eventId, counts, actor: 'recipient', at });
  }

  /**
   * Takes back what was said of direct downloads at these moments, where nothing was said later: each counts as it did
   * before. Answers what those that changed count now.
   */
  async takeBackDirect(
    tx: Tx,
    delivery: Pick<DeliveryFacts, 'id' | 'platformId'>,
    saidAt: readonly Date[],
    at: Date,
  ): Promise<boolean[]> {
    const changed = await rows<{ id: string; counts: boolean }>(
      tx,
      `select j.id, coalesce(o.counts, e.counts) as counts
         from judged_access j
         join access_event e on e.id = j.id
         left join lateral (
              select counts
                from access_overrule
               where event_id = j.id
                 and not (actor = 'recipient' and at = any($2::timestamptz[]))
               order by number desc
               limit 1) o on true
        where j.delivery_id = $1
          and j.method = 'direct'
          and j.overruled_by = 'recipient'
          and j.overruled_at = any($2::timestamptz[])
          and j.counts <> coalesce(o.counts, e.counts)
        order by j.at, j.id`,
      [delivery.id, saidAt],
    );
    for (const { id: eventId, counts } of changed)
      await this.add(tx, delivery, { eventId, counts, actor: 'recipient', at });
    return changed.map(({ counts }) => counts);
  }

  /**
   * When each delivery of the upload to the person was first accessed, from all events anew: its own that count, and
   * those of the others from its dispatch on. Product rule "Reminders" 2. The deliveries are held already.
   */
  async recount(tx: Tx, delivery: Pick<DeliveryFacts, 'uploadId' | 'personId'>): Promise<void> {
    await rows(
      tx,
      `update delivery d
          set accessed_at = (
              select min(e.at)
                from delivery o
                join judged_access e on e.delivery_id = o.id
               where o.upload_id = d.upload_id
                 and o.person_id = d.person_id
                 and e.counts
                 and (o.id = d.id or d.handed_over_at <= e.at))
        where d.upload_id = $1
          and d.person_id = $2`,
      [delivery.uploadId, delivery.personId],
    );
  }
}
