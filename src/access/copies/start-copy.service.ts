// Begins a copy to an end user's own project, by their logon or by one that was made before the destination was chosen.
// The rest is a worker's.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { Transactions } from '../../database/index.js';
import { Ids } from '../../ids/index.js';
import type { StartCopy } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { SharedDataService } from '../shared-data.service.js';
import { CopyLogonsService } from './copy-logons.service.js';
import { CopyRequests } from './copy-requests.js';
import { mustBeWritable } from './destination.js';
import { UserLogons } from './user-logons.js';

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

  /** @throws CopyNotPossible, TooManyTries, MethodNotOffered, Unavailable */
  async run(
    link: LinkIdentity,
    request: StartCopy,
    requesting: RequestingClient,
  ): Promise<{ id: string; warnings: string[] }> {
    const facts = await this.data.factsFor(link, 'copy');
    const { destination } = request;
    const copy = { id: this.ids.next(), destination };
    if ('logon' in request) {
      const { logon } = request;
      await this.logons.with(link, logon, (session) => mustBeWritable(session, destination));
      await this.transactions.run(async (tx) =>
        this.requests.add(tx, facts, copy, await this.logons.take(tx, link, logon), requesting),
      );
    } else {
      const { destination: _, ...credentials } = request;
      await this.users.run(
        facts,
        credentials,
        (session) => mustBeWritable(session, destination),
        (token) => this.transactions.run((tx) => this.requests.add(tx, facts, copy, token, requesting)),
      );
    }
    await this.requests.enqueue(copy.id);
    return { id: copy.id, warnings: [] };
  }
}
