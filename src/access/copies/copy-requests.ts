// A copy that is asked for, in the transaction that decides it: its row with the sealed token, and the event that says so.

import { Inject, Injectable } from '@nestjs/common';
import { type LinkIdentity, SecretKeys } from '../../auth/index.js';
import type { Tx } from '../../database/index.js';
import { type Sentence, sentence } from '../../language/index.js';
import { JobQueue } from '../../queue/index.js';
import { Clock } from '../../time/index.js';
import { CopyNotResumable } from '../access.errors.js';
import { type AccessedDelivery, AccessStore } from '../access.store.js';
import { ClientJudge } from '../clients/client-judge.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { admit, admitAgain } from '../link-admission.js';
import { copyContent } from './copies.jobs.js';
import { CopiesStore } from './copies.store.js';
import type { UserToken } from './user-logons.js';

@Injectable()
export class CopyRequests {
  constructor(
    @Inject(CopiesStore) private readonly copies: CopiesStore,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The copy of the delivery to this place that is under way, or none, as long as the transaction goes on. */
  holdPlace(tx: Tx, { id }: AccessedDelivery, destination: string): Promise<string | undefined> {
    return this.copies.holdPlace(tx, id, destination);
  }

  /** @throws LinkGone it ended, or ran out, while the logon was tried */
  async add(
    tx: Tx,
    delivery: AccessedDelivery,
    link: LinkIdentity,
    { id, destination }: { id: string; destination: string },
    token: UserToken,
    requesting: RequestingClient,
  ): Promise<void> {
    const at = this.clock.now();
    await admit(tx, link, at);
    await this.copies.insert(tx, { id, deliveryId: delivery.id, destination, ...this.sealed(id, token), at });
    await this.record(tx, delivery, { copyId: id }, requesting, at);
  }

  /**
   * A copy that failed begins again.
   * @throws CopyNotResumable it is not failed (any more), or another one to the same place is under way; LinkGone it ended
   * while the logon was tried
   */
  async addAgain(
    tx: Tx,
    delivery: AccessedDelivery,
    link: LinkIdentity,
    { id, destination }: { id: string; destination: string },
    token: UserToken,
    requesting: RequestingClient,
  ): Promise<void> {
    const running = await this.holdPlace(tx, delivery, destination);
    if (running !== undefined && running !== id) throw new CopyNotResumable(placeTaken(destination));
    const at = this.clock.now();
    await admitAgain(tx, link);
    if (!(await this.copies.resume(tx, { id, ...this.sealed(id, token), at })))
      throw new CopyNotResumable(sentence('copyTrouble.notResumable'));
    await this.record(tx, delivery, { copyId: id, resumed: true }, requesting, at);
  }

  /** After the transaction; where this is missed, the sweep finds it. */
  enqueue(id: string): Promise<void> {
    return this.queue.add(copyContent, { copyId: id });
  }

  private async record(
    tx: Tx,
    delivery: AccessedDelivery,
    about: { copyId: string; resumed?: true },
    requesting: RequestingClient,
    at: Date,
  ): Promise<void> {
    const { client, details } = await this.judge.judge(tx, delivery.id, requesting, at);
    await this.access.record(tx, delivery, {
      method: 'copy',
      phase: 'requested',
      counts: false,
      at,
      details: { ...about, ...details },
      client,
    });
  }

  private sealed(id: string, { token, tokenId }: UserToken): { sealed: Buffer; credentialId: string } {
    return { sealed: this.keys.seal(token, `copy:${id}`), credentialId: tokenId };
  }
}

/** Two that write the same files to the same place would carry every byte twice. */
export const placeTaken = (destination: string): Sentence => sentence('copyTrouble.placeTaken', { destination });
