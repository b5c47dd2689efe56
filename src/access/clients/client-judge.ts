// Judges the client of a POST by what it did before.

import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../database/index.js';
import { type ClientHistory, judgeClient, oneHistory } from '../access.rules.js';
import { type ClientFacts, ClientFactsStore } from './client-facts.js';
import type { RequestingClient } from './requesting-client.js';

export interface JudgedClient {
  client: ClientFacts;
  isScanner: boolean;
  /** What of it is sealed with the event. */
  details: { scanner?: true; doubts?: string[] };
}

@Injectable()
export class ClientJudge {
  constructor(@Inject(ClientFactsStore) private readonly clients: ClientFactsStore) {}

  /** @param tx a transaction in which the client's event is recorded too */
  async judge(tx: Tx, deliveryId: string, requesting: RequestingClient, now: Date): Promise<JudgedClient> {
    const client = this.clients.factsOf(requesting);
    await this.clients.hold(tx, deliveryId, client);
    const histories: ClientHistory[] = [];
    for (const hashes of [client, ...client.former])
      histories.push(await this.clients.history(tx, deliveryId, { ...client, ...hashes }, now));
    const { isScanner, doubts } = judgeClient(oneHistory(histories), now);
    return {
      client,
      isScanner,
      details: { ...(isScanner ? { scanner: true as const } : {}), ...(doubts.length === 0 ? {} : { doubts }) },
    };
  }
}
