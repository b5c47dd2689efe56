// Begins a copy to an end user's own project, by their logon or by one that was made before the destination was chosen.
// The rest is a worker's.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { earlierResult, type IdempotentCall, knownResult } from '../../http/index.js';
import { Ids } from '../../ids/index.js';
import type { StartCopy } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { SharedDataService } from '../shared-data.service.js';
import { CopyLogonsService } from './copy-logons.service.js';
import { CopyRequests } from './copy-requests.js';
import { mustBeWritable } from './destination.js';
import { UserLogons, type UserToken } from './user-logons.js';

/** A call with the same key was quicker; what this one prepared is taken back. */
class StartedMeanwhile extends Error {
  constructor(readonly copyId: string) {
    super('A call with the same Idempotency-Key has started this copy.');
  }
}

@Injectable()
export class StartCopyService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(CopyRequests) private readonly requests: CopyRequests,
    @Inject(CopyLogonsService) private readonly logons: CopyLogonsService,
    @Inject(UserLogons) private readonly users: UserLogons,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  /**
   * The same key again: the same copy, without another logon.
   * @throws CopyNotPossible, TooManyTries, MethodNotOffered, Unavailable, LinkGone, IdempotencyKeyReused
   */
  async run(
    link: LinkIdentity,
    request: StartCopy,
    requesting: RequestingClient,
    idempotencyKey?: string,
  ): Promise<{ id: string; warnings: string[] }> {
    const facts = await this.data.factsFor(link, 'copy');
    const call = { scope: `copies:${link.deliveryId}`, key: idempotencyKey, request };
    const known = await knownResult(this.transactions.pool, call);
    if (known !== undefined) return { id: known, warnings: [] };
    try {
      const id = await this.start(link, facts, request, requesting, call);
      await this.requests.enqueue(id);
      return { id, warnings: [] };
    } catch (error) {
      if (error instanceof StartedMeanwhile) return { id: error.copyId, warnings: [] };
      throw error;
    }
  }

  private async start(
    link: LinkIdentity,
    facts: DeliveryFacts,
    request: StartCopy,
    requesting: RequestingClient,
    call: IdempotentCall,
  ): Promise<string> {
    const { destination } = request;
    const copy = { id: this.ids.next(), destination };
    const add = async (tx: Tx, token: UserToken): Promise<void> => {
      const earlier = await earlierResult(tx, call, copy.id);
      if (earlier !== undefined) throw new StartedMeanwhile(earlier);
      await this.requests.add(tx, facts, link, copy, token, requesting);
    };
    if ('logon' in request) {
      const { logon } = request;
      await this.logons.with(link, logon, (session) => mustBeWritable(session, destination));
      await this.transactions.run(async (tx) => add(tx, await this.logons.take(tx, link, logon)));
    } else {
      const { destination: _, ...credentials } = request;
      await this.users.run(
        facts,
        credentials,
        (session) => mustBeWritable(session, destination),
        (token) => this.transactions.run((tx) => add(tx, token)),
      );
    }
    return copy.id;
  }
}
