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

const HOLD = prepared('select pg_advisory_xact_lock($1::bigint)');

interface HistoryRow {
  handed_over_at: Date | null;
  here: Date | null;
  elsewhere: Date | null;
  head: Date | null;
  links: number;
}

const HISTORY = prepared(
  `select (select handed_over_at from delivery where id = $3) as handed_over_at,
          max(at) filter (where followed_hidden_link and delivery_id = $3) as here,
          max(at) filter (where followed_hidden_link and delivery_id <> $3) as elsewhere,
          max(at) filter (where is_head and delivery_id = $3) as head,
          count(distinct delivery_id) filter (where at > $5 and delivery_id <> $3) as links
     from access_client
    where address_hash = $1
      and agent_hash = $2
      and at > $4`,
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
   * Until the transaction ends, no other one judges this client on this delivery or marks it: a scanner sends its POST
   * and follows the hidden link at the same moment, and one of the two must see the other.
   */
  async hold(tx: Tx, deliveryId: string, client: ClientFacts): Promise<void> {
    const about = createHash('sha256').update(deliveryId).update(client.addressHash).update(client.agentHash).digest();
    await preparedRows(tx, HOLD, [about.readBigInt64BE(0).toString()]);
  }

  /** What the same client (address and program's own words) did before `now`. */
  async history(tx: Tx, deliveryId: string, client: ClientFacts, now: Date): Promise<ClientHistory> {
    const [found] = await preparedRows<HistoryRow>(tx, HISTORY, [
      client.addressHash,
      client.agentHash,
      deliveryId,
      before(now, REMEMBERED_MS),
      before(now, TOGETHER_MS),
    ]);
    return {
      program: client.program,
      hiddenLinkFollowedAt: found?.here ?? null,
      hiddenLinkFollowedElsewhereAt: found?.elsewhere ?? null,
      headAt: found?.head ?? null,
      linksTogether: 1 + (found?.links ?? 0),
      handedOverAt: found?.handed_over_at ?? null,
    };
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
