// Seals what was committed. Ids are no order of commits: an entry is sealed after those that were visible before it,
// and within one batch in the order of ids. No request waits for it, and two processes never fork a chain: the head's
// row is held while a batch is sealed, and (chain, sequence) is unique.

import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { Sweeps } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { ChainedKinds, fieldsOf } from './chained-kinds.js';
import { ChainsStore, type Seal } from './chains.store.js';
import { sealHash } from './seal-hash.js';

const BATCH = 1_000;
const EVERY_MS = 2_000;
/** A chain's head is logged at most so often: enough for a copy outside the database. */
const TELL_EVERY_MS = 3_600_000;

@Injectable()
export class SealerService implements OnModuleInit {
  private readonly logger = new Logger('audit');
  private readonly toldAt = new Map<string, number>();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ChainsStore) private readonly chains: ChainsStore,
    @Inject(ChainedKinds) private readonly kinds: ChainedKinds,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.register({ name: 'chains', everyMs: EVERY_MS, isUpkeep: true, run: (signal) => this.run(signal) });
  }

  /** One pass over all chains; one that fails is left for the next pass, and the others go on. */
  async run(signal: AbortSignal): Promise<void> {
    for (const chain of await this.chains.withUnsealed(this.transactions.pool)) {
      try {
        while (!signal.aborted && (await this.sealBatch(chain)) === BATCH);
      } catch (error) {
        this.logger.error({ chain, err: error }, 'Entries of a chain could not be sealed; they are tried again.');
      }
      if (signal.aborted) return;
    }
  }

  /** How many were sealed: 0 while another process seals this chain. */
  private async sealBatch(chain: string): Promise<number> {
    const seals = await this.transactions.run(async (tx) => {
      const head = await this.chains.hold(tx, chain);
      if (!head) return [];
      const { entries, sealedAt } = await this.chains.take(tx, chain, this.kinds.names, BATCH);
      const fields = await fieldsOf(tx, this.kinds.all, entries);
      const made: Seal[] = [];
      let { sequence, sha256: previous } = head;
      for (const { kind, entryId } of entries) {
        sequence += 1;
        const content = { chain, sequence, kind, entryId, previous, sealedAt, fields: fields.get(entryId) };
        if (content.fields === undefined)
          this.logger.error({ chain, kind, entryId }, 'An entry vanished before it was sealed; its absence is sealed.');
        const sha256 = sealHash(content);
        made.push({ sequence, kind, entryId, previous, sha256, sealedAt });
        previous = sha256;
      }
      await this.chains.append(tx, chain, made);
      return made;
    });
    this.tell(chain, seals.at(-1));
    return seals.length;
  }

  private tell(chain: string, last: Seal | undefined): void {
    const now = this.clock.now().getTime();
    if (!last || now - (this.toldAt.get(chain) ?? -Infinity) < TELL_EVERY_MS) return;
    this.toldAt.set(chain, now);
    this.logger.log(
      { chain, sequence: last.sequence, sha256: last.sha256 },
      'Head of an event chain; kept outside the database, it shows later whether the chain was cut or written anew.',
    );
  }
}
