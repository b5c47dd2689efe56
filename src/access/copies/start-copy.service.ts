// Begins a copy to an end user's own project, by their logon or by one that was made before the destination was chosen.
// The rest is a worker's.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { earlierResult, type IdempotentCall, knownResult } from '../../http/index.js';
import { Ids } from '../../ids/index.js';
import { CopyNotPossible } from '../access.errors.js';
import type { StartCopy } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { SharedDataService } from '../shared-data.service.js';
import { CopyLogonsService } from './copy-logons.service.js';
import { CopyRequests } from './copy-requests.js';
import { mustBeWritable } from './destination.js';
import { UserLogons, type UserToken } from './user-logons.js';

/** Another call was quicker: one with the same key, or one for the same place; what this one prepared is taken back. */
class StartedMeanwhile extends Error {
  constructor(readonly copyId: string) {
    super('Another call has started this copy.');
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
   * The same key again: the same copy, without another logon. Where one of the same delivery to the same place is under
   * way, that one: a second would carry every byte again.
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
      // The logon may just have been used by the same call.
      const started = error instanceof CopyNotPossible ? await knownResult(this.transactions.pool, call) : undefined;
      if (started !== undefined) return { id: started, warnings: [] };
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
    const add = async (tokenIn: (tx: Tx) => Promise<UserToken>): Promise<string> => {
      const other = await this.transactions.run(async (tx) => {
        const running = await this.requests.holdPlace(tx, facts, destination);
        const earlier = await earlierResult(tx, call, running ?? copy.id);
        if (earlier === undefined && running === undefined)
          await this.requests.add(tx, facts, link, copy, await tokenIn(tx), requesting);
        return earlier ?? running;
      });
      if (other !== undefined) throw new StartedMeanwhile(other);
      return copy.id;
    };
    if ('logon' in request) {
      const { logon } = request;
      await this.logons.with(link, logon, (session) => mustBeWritable(session, facts, destination));
      return add((tx) => this.logons.take(tx, link, logon));
    }
    const { destination: _, ...credentials } = request;
    return this.users.run(
      facts,
      credentials,
      (session) => mustBeWritable(session, facts, destination),
      (token) => add(() => Promise.resolve(token)),
    );
  }
}
