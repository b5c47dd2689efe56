// Records access. Events are only ever added; what they mean for reminders stands on the deliveries.

import { Inject, Injectable } from '@nestjs/common';
import { prepared, preparedRows, row, rows, type Tx } from '../database/index.js';
import { DeliveriesStore, type DeliveryFacts } from '../deliveries/index.js';
import { Ids } from '../ids/index.js';
import { operatorsOf } from '../uploads/index.js';
import type { AccessMethod, AccessPhase } from './access.rules.js';
import type { ClientFacts } from './clients/client-facts.js';

export interface AccessRecord {
  method: AccessMethod;
  phase: AccessPhase;
  counts: boolean;
  at: Date;
  /** Sealed with the event and never erased: ids, numbers and words of ours, nothing that somebody wrote. */
  details?: Record<string, unknown>;
  /** What somebody wrote; kept apart. */
  remark?: string | null | undefined;
  client?: ClientFacts;
  followedHiddenLink?: boolean;
}

/** What of a delivery recording needs. */
export type AccessedDelivery = Pick<DeliveryFacts, 'id' | 'platformId' | 'uploadId' | 'personId' | 'notifyOnAccess'>;

type RecordedDelivery = Pick<AccessedDelivery, 'id' | 'platformId'>;

export interface RecordedAccess {
  delivery: RecordedDelivery;
  access: AccessRecord;
}

/** Holds every delivery of the same upload to the same person until the transaction ends. */
export async function holdDeliveries(tx: Tx, delivery: Pick<AccessedDelivery, 'uploadId' | 'personId'>): Promise<void> {
  await rows(tx, 'select id from delivery where upload_id = $1 and person_id = $2 order by id for no key update', [
    delivery.uploadId,
    delivery.personId,
  ]);
}

@Injectable()
export class AccessStore {
  constructor(
    @Inject(Ids) private readonly ids: Ids,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
  ) {}

  /**
   * Adds the event. One that counts silences this delivery and every other of the same upload to the same person that
   * was dispatched at or before it, and tells the operator the first time, where the platform wants that.
   */
  async record(tx: Tx, delivery: AccessedDelivery, access: AccessRecord): Promise<void> {
    await this.add(tx, delivery, access);
    if (!access.counts) return;
    // Rows that need no change are not touched, so that many attempts at once do not wait for each other. One whose mail
    // is being handed over is held: its dispatch may be recorded as before this, and then finds this.
    await rows(
      tx,
      `with held as materialized (
            select id, handed_over_at
              from delivery
             where upload_id = $1
               and person_id = $2
               and (id = $3 or handed_over_at is null or handed_over_at <= $4::timestamptz)
               and (accessed_at is null or accessed_at > $4::timestamptz)
             order by id
               for no key update)
       update delivery d
          set accessed_at = $4::timestamptz
         from held h
        where d.id = h.id
          and (h.id = $3 or h.handed_over_at <= $4::timestamptz)`,
      [delivery.uploadId, delivery.personId, delivery.id, access.at],
    );
    await this.tellOperator(tx, delivery);
  }

  /** Adds an event that does not count, in one statement. */
  async add(tx: Tx, delivery: RecordedDelivery, access: AccessRecord): Promise<void> {
    const id = this.ids.next();
    await preparedRows(tx, ADD, [JSON.stringify([rowOf(id, delivery, access)])]);
    if (access.remark) await this.remark(tx, id, access.remark);
  }

  /** Adds events that do not count and have no remark, all in one statement. */
  async addAll(tx: Tx, events: readonly RecordedAccess[]): Promise<void> {
    const given = events.map(({ delivery, access }) => rowOf(this.ids.next(), delivery, access));
    await preparedRows(tx, ADD, [JSON.stringify(given)]);
  }

  /** What a statement with `addOfLiving` takes, for links in their order. */
  givenFor(events: readonly AccessRecord[]): string {
    return JSON.stringify(events.map((access, index) => ({ nth: index + 1, ...eventOf(this.ids.next(), access) })));
  }

  async remark(tx: Tx, subjectId: string, remark: string): Promise<void> {
    await rows(tx, `insert into access_remark (subject_id, remark) values ($1, $2)`, [subjectId, remark]);
  }

  /** What was said last of "I have what I need" and was taken, but for these events. */
  lastOfDone(
    tx: Tx,
    deliveryId: string,
    except: readonly string[],
  ): Promise<{ phase: 'done' | 'undone'; at: Date } | undefined> {
    return row(
      tx,
      `select phase, at
         from access_event
        where delivery_id = $1
          and method = 'page'
          and phase in ('done', 'undone')
          and details ->> 'taken' is distinct from 'false'
          and id <> all($2::uuid[])
        order by at desc, id desc
        limit 1`,
      [deliveryId, except],
    );
  }

  /** Tells the operator of the first access, where the platform wants that; once. */
  async tellOperator(tx: Tx, delivery: AccessedDelivery): Promise<void> {
    if (!delivery.notifyOnAccess) return;
    const first = await row(
      tx,
      `update delivery set first_access_told_at = now() where id = $1 and first_access_told_at is null returning id`,
      [delivery.id],
    );
    if (first)
      await this.deliveries.queueOperatorMails(tx, 'accessed', delivery.id, await operatorsOf(tx, delivery.uploadId));
  }
}

/** Of an event as statements are given it, in JSON. */
const EVENT = `id uuid, method text, phase text, counts boolean, at timestamptz, details jsonb, program text, address_hash text,
               agent_hash text, is_head boolean, followed_hidden_link boolean`;

/** Parts of a statement that add any number of events, with the facts of their clients where there are any. @param given SQL */
const addGiven = (given: string): string => `
        given as materialized (${given}),
        recorded as (
        insert into access_event (id, delivery_id, platform_id, method, phase, counts, at, details)
        select id, delivery_id, platform_id, method, phase, counts, at, details
          from given),
        known as (
        insert into access_client (event_id, delivery_id, at, program, address_hash, agent_hash, is_head,
                                   followed_hidden_link)
        select id, delivery_id, at, program, decode(address_hash, 'hex'), decode(agent_hash, 'hex'), is_head,
               followed_hidden_link
          from given
         where program is not null)`;

/** $1 what `given` makes. */
const ADD = prepared(
  `with ${addGiven(`select * from json_to_recordset($1::json) as given (delivery_id uuid, platform_id uuid, ${EVENT})`)}
   select where false`,
);

/**
 * Parts of a statement that add what `givenFor` makes: the event of each link in `opened`, by its `nth`, that lives.
 *
 * @param opened a part that has `LinkRow`s
 * @param given the parameter
 */
export const addOfLiving = (opened: string, given: string): string =>
  addGiven(`
        select l.delivery_id, l.platform_id, e.*
          from ${opened} l
          join json_to_recordset(${given}::json) as e (nth bigint, ${EVENT}) on e.nth = l.nth
         where l.state = 'live'
           and l.purpose = 'share'`);

const rowOf = (id: string, delivery: RecordedDelivery, access: AccessRecord) => ({
  delivery_id: delivery.id,
  platform_id: delivery.platformId,
  ...eventOf(id, access),
});

const eventOf = (id: string, { client, ...access }: AccessRecord) => ({
  id,
  method: access.method,
  phase: access.phase,
  counts: access.counts,
  at: access.at,
  details: access.details ?? {},
  ...(client
    ? {
        program: client.program,
        address_hash: client.addressHash.toString('hex'),
        agent_hash: client.agentHash.toString('hex'),
        is_head: client.isHead,
        followed_hidden_link: access.followedHiddenLink ?? false,
      }
    : {}),
});
