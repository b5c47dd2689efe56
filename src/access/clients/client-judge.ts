// Judges the client of a POST by what it did before.

import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../database/index.js';
import { judgeClient, oneHistory } from '../access.rules.js';
import { type ClientFacts, ClientFactsStore, type ClientHere } from './client-facts.js';
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
    const [judged] = await this.judgeAll(tx, [{ deliveryId, client: this.clients.factsOf(requesting), now }]);
    if (!judged) throw new Error('A client was not judged.');
    return judged;
  }

  /** Each in their order. @param tx a transaction in which the clients' events are recorded too */
  async judgeAll(tx: Tx, many: readonly (ClientHere & { now: Date })[]): Promise<JudgedClient[]> {
    await this.clients.hold(tx, many);
    // A statement of its own: it must see what was committed while this one waited.
    const byKey = many.flatMap((one, index) =>
      [one.client, ...one.client.former].map((hashes) => ({ ...one, client: { ...one.client, ...hashes }, index })),
    );
    const histories = await this.clients.histories(tx, byKey);
    return many.map(({ client, now }, index) => {
      const { isScanner, doubts } = judgeClient(
        oneHistory(histories.filter((_, nth) => byKey[nth]?.index === index)),
        now,
      );
      return {
        client,
        isScanner,
        details: { ...(isScanner ? { scanner: true as const } : {}), ...(doubts.length === 0 ? {} : { doubts }) },
      };
    });
  }
}
