// Coarse facts about the client of an event: the kind of program, and keyed hashes of its address and of what it calls
// itself, which tell whether two requests came from one client and nothing else. They stand apart from what is chained
// and are removed after a set time.

import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SecretKeys } from '../../auth/index.js';
import { prepared, preparedRows, rows, Transactions, type Tx } from '../../database/index.js';
import { Sweeps } from '../../queue/index.js';
import { Clock } from '../../time/index.js';
import { type ClientHistory, REMEMBERED_MS, TOGETHER_MS } from '../access.rules.js';
import { type ClientProgram, programOf } from './client-programs.rules.js';
import type { RequestingClient } from './requesting-client.js';

/** Under one key of SECRET_KEY. */
export interface ClientHashes {
  addressHash: Buffer;
  agentHash: Buffer;
}

export interface ClientFacts extends ClientHashes {
  program: ClientProgram;
  isHead: boolean;
  /** The same client as it was recorded under the other keys that are held. */
  former: readonly ClientHashes[];
}

/** How long client facts are kept. */
export class ClientFactsRetention {
  constructor(readonly keptMs: number) {}
}

/** A client on a delivery. */
export interface ClientHere {
  deliveryId: string;
  client: ClientFacts;
}

/** $1 keys in the order in which all take them. */
const HOLD = prepared('select pg_advisory_xact_lock(key) from unnest($1::bigint[]) key');

interface HistoryRow {
  /** In what was asked, from 1. */
  nth: number;
  handed_over_at: Date | null;
  here: Date | null;
  elsewhere: Date | null;
  head: Date | null;
  links: number;
}

/** So many of a client's last requests are looked at for links that it used together: one address may stand for a whole campus. */
const LAST_REQUESTS = 200;

/** $1 ids of deliveries, $2 and $3 the hashes of their clients, $4 since when each is remembered, $5 since when together. */
const HISTORY = prepared(
  `select asked.nth, d.handed_over_at, here.at as here, elsewhere.at as elsewhere, head.at as head, recent.links
     from unnest((select $1::uuid[]), (select $2::bytea[]), (select $3::bytea[]), (select $4::timestamptz[]),
                 (select $5::timestamptz[])) with ordinality
          as asked (delivery_id, address_hash, agent_hash, since, together_since, nth)
     join delivery d on d.id = asked.delivery_id
    cross join lateral (
          select max(at) as at
            from access_client
           where delivery_id = asked.delivery_id
             and followed_hidden_link
             and address_hash = asked.address_hash
             and agent_hash = asked.agent_hash
             and at > asked.since) here
     left join lateral (
          select at
            from access_client
           where address_hash = asked.address_hash
             and agent_hash = asked.agent_hash
             and followed_hidden_link
             and delivery_id <> asked.delivery_id
             and at > asked.since
           order by at desc
           limit 1) elsewhere on true
    cross join lateral (
          select max(at) as at
            from access_client
           where delivery_id = asked.delivery_id
             and is_head
             and address_hash = asked.address_hash
             and agent_hash = asked.agent_hash
             and at > asked.since) head
    cross join lateral (
          select count(distinct delivery_id) filter (where delivery_id <> asked.delivery_id) as links
            from (select delivery_id
                    from access_client
                   where address_hash = asked.address_hash
                     and agent_hash = asked.agent_hash
                     and at > asked.together_since
                   order by at desc
                   limit ${LAST_REQUESTS}) request) recent`,
);

const REMOVED_AT_ONCE = 5_000;

@Injectable()
export class ClientFactsStore implements OnModuleInit {
  /** The present one first. */
  private readonly keys: Buffer[];

  constructor(
    @Inject(SecretKeys) keys: SecretKeys,
    @Inject(ClientFactsRetention) private readonly retention: ClientFactsRetention,
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.keys = keys.all.map(({ bytes }) => Buffer.from(hkdfSync('sha256', bytes, '', 'client facts', 32)));
  }

  onModuleInit(): void {
    this.sweeps.register({
      name: 'client-facts',
      everyMs: 60_000,
      isUpkeep: true,
      run: (signal) => this.removeOld(signal),
    });
  }

  factsOf(client: RequestingClient): ClientFacts {
    const [present, ...former] = this.keys.map((key) => ({
      addressHash: hash(key, `address:${client.address}`),
      agentHash: hash(key, `agent:${client.userAgent ?? ''}`),
    }));
    if (!present) throw new Error('SECRET_KEY holds no key.');
    return { ...present, program: programOf(client.userAgent), isHead: client.isHead, former };
  }

  /**
   * Until the transaction ends, no other one judges these clients on these deliveries or marks them: a scanner sends its
   * POST and follows the hidden link at the same moment, and one of the two must see the other.
   */
  async hold(tx: Tx, many: readonly ClientHere[]): Promise<void> {
    // All take them in one order, so that no two wait for each other.
    const keys = many.map(keyOf).sort((left, right) => (left < right ? -1 : Number(left > right)));
    await preparedRows(tx, HOLD, [keys.map(String)]);
  }

  /** What the same client (address and program's own words) did before `now`, of each in their order. */
  async histories(tx: Tx, many: readonly (ClientHere & { now: Date })[]): Promise<ClientHistory[]> {
    const found = await preparedRows<HistoryRow>(tx, HISTORY, [
      many.map(({ deliveryId }) => deliveryId),
      many.map(({ client }) => client.addressHash),
      many.map(({ client }) => client.agentHash),
      many.map(({ now }) => before(now, REMEMBERED_MS)),
      many.map(({ now }) => before(now, TOGETHER_MS)),
    ]);
    const byNth = new Map(found.map((one) => [one.nth, one]));
    return many.map(({ client }, index) => {
      const history = byNth.get(index + 1);
      return {
        program: client.program,
        hiddenLinkFollowedAt: history?.here ?? null,
        hiddenLinkFollowedElsewhereAt: history?.elsewhere ?? null,
        headAt: history?.head ?? null,
        linksTogether: 1 + (history?.links ?? 0),
        handedOverAt: history?.handed_over_at ?? null,
      };
    });
  }

  /** Events of this delivery by the same client since `since`, oldest first. */
  async eventsSince(tx: Tx, deliveryId: string, client: ClientFacts, since: Date) {
    const known = [client, ...client.former];
    return rows<{ id: string; method: string; phase: string; at: Date }>(
      tx,
      `select e.id, e.method, e.phase, e.at
         from access_client c
         join access_event e on e.id = c.event_id
        where c.address_hash = any($1::bytea[])
          and c.agent_hash = any($2::bytea[])
          and c.delivery_id = $3
          and c.at >= $4
        order by e.at, e.id
        limit 1000`,
      [known.map(({ addressHash }) => addressHash), known.map(({ agentHash }) => agentHash), deliveryId, since],
    );
  }

  private async removeOld(signal: AbortSignal): Promise<void> {
    for (let removed = REMOVED_AT_ONCE; removed === REMOVED_AT_ONCE && !signal.aborted;) {
      const gone = await rows(
        this.transactions.pool,
        `delete from access_client
          where event_id in (select event_id from access_client where at < $1 order by at limit $2::int)
      returning 1`,
        [before(this.clock.now(), this.retention.keptMs), REMOVED_AT_ONCE],
      );
      removed = gone.length;
    }
  }
}

const hash = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, 16);

const before = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

const keyOf = ({ deliveryId, client }: ClientHere): bigint =>
  createHash('sha256')
    .update(deliveryId)
    .update(client.addressHash)
    .update(client.agentHash)
    .digest()
    .readBigInt64BE(0);
