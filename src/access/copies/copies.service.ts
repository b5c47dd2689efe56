// Copies that were begun: how far they are, and what makes a failed one go on.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { Transactions } from '../../database/index.js';
import { decideContinuation, type DeliveryFacts } from '../../deliveries/index.js';
import { NotFound } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { sentence } from '../../language/index.js';
import { Clock } from '../../time/index.js';
import { CopyNotResumable } from '../access.errors.js';
import type { UserCredentials } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { SharedDataService } from '../shared-data.service.js';
import { CopiesStore, type CopyRow, type SeenCopy } from './copies.store.js';
import { isResumable } from './copy-ends.js';
import { CopyRequests, placeTaken } from './copy-requests.js';
import { mustBeWritable } from './destination.js';
import { UserLogons } from './user-logons.js';

@Injectable()
export class CopiesService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(CopiesStore) private readonly copies: CopiesStore,
    @Inject(CopyRequests) private readonly requests: CopyRequests,
    @Inject(UserLogons) private readonly users: UserLogons,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws NotFound */
  async find(link: LinkIdentity, id: string): Promise<SeenCopy> {
    const copy = isId(id) ? await this.copies.find(this.transactions.pool, id, link.deliveryId) : undefined;
    if (!copy) throw new NotFound('copy behind this link');
    return copy;
  }

  async get(link: LinkIdentity, id: string) {
    const copy = await this.find(link, id);
    return {
      id: copy.id,
      state: copy.state,
      destination: copy.destination,
      files: copy.files,
      bytes: copy.bytes,
      ...(copy.reason === null ? {} : { reason: copy.reason }),
      ...(copy.state === 'failed' ? { resumable: this.mayResume(copy, await this.data.facts(link)) } : {}),
    };
  }

  /**
   * A copy that failed goes on after a new logon, except where the link or the data themselves have ended, and not while
   * another one carries the same files to the same place.
   */
  mayResume(copy: SeenCopy, facts: DeliveryFacts): boolean {
    return (
      copy.state === 'failed' &&
      copy.other_id === null &&
      isResumable(copy.reason_sentence) &&
      this.isInTime(copy, facts)
    );
  }

  /**
   * A copy that failed goes on with a new logon: what is there and equal is skipped.
   * @throws NotFound, CopyNotResumable, CopyNotPossible, TooManyTries, Unavailable, LinkGone
   */
  async resume(
    link: LinkIdentity,
    id: string,
    given: UserCredentials,
    requesting: RequestingClient,
  ): Promise<{ id: string; warnings: string[] }> {
    const facts = await this.data.factsFor(link, 'copy');
    const copy = await this.find(link, id);
    if (!this.mayResume(copy, facts)) throw this.notResumable(copy, facts);
    await this.users.run(
      facts,
      given,
      (session) => mustBeWritable(session, facts, copy.destination),
      (token) => this.transactions.run((tx) => this.requests.addAgain(tx, facts, link, copy, token, requesting)),
    );
    await this.requests.enqueue(id);
    return { id, warnings: [] };
  }

  private notResumable(copy: SeenCopy, facts: DeliveryFacts): CopyNotResumable {
    if (copy.state !== 'failed' || !isResumable(copy.reason_sentence))
      return new CopyNotResumable(sentence('copyTrouble.notResumable'));
    return new CopyNotResumable(
      this.isInTime(copy, facts) ? placeTaken(copy.destination) : sentence('copyTrouble.tooLate'),
    );
  }

  /** As a download that broke off: at any time while the link lives, and for a week after that where it made progress. */
  private isInTime({ last_progress_at: lastProgressAt }: CopyRow, { expiresAt }: DeliveryFacts): boolean {
    return decideContinuation({ state: 'failed', lastProgressAt }, expiresAt, this.clock.now()).mayGoOn;
  }
}
