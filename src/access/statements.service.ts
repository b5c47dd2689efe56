// What an end user says with one click: "I have what I need", "no more reminders". Each can be taken back. A scanner
// says nothing with the first; the second is sent by mail programs by themselves and is taken from everybody.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../auth/index.js';
import { Together, Transactions, type Tx } from '../database/index.js';
import { markDeliveries, unmarkDeliveries } from '../deliveries/index.js';
import { Clock } from '../time/index.js';
import { AccessStore } from './access.store.js';
import { type ClientFacts, ClientFactsStore } from './clients/client-facts.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';

const STATEMENTS = {
  done: { column: 'done_at', marks: true },
  undone: { column: 'done_at', marks: false },
  'opted-out': { column: 'opted_out_at', marks: true },
  'opted-in': { column: 'opted_out_at', marks: false },
} as const;
type Statement = keyof typeof STATEMENTS;

interface Saying {
  link: LinkIdentity;
  statement: Statement;
  client: ClientFacts;
  now: Date;
}

/** What was said of one delivery. */
interface Said extends Saying {
  deliveryId: string;
}

@Injectable()
export class StatementsService {
  private readonly sayings = new Together<Saying, boolean>((sayings) =>
    this.transactions.run((tx) => this.sayAll(tx, sayings)),
  );

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientFactsStore) private readonly clients: ClientFactsStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Records what was said, of every delivery that the link is about; false when it is not taken, because a scanner said
   * it.
   */
  say(link: LinkIdentity, statement: Statement, requesting: RequestingClient): Promise<boolean> {
    const client = this.clients.factsOf(requesting);
    return this.sayings.do({ link, statement, client, now: this.clock.now() });
  }

  /** In one transaction what is said at the same moment; of one delivery in the order in which it was said. */
  private async sayAll(tx: Tx, sayings: readonly Saying[]): Promise<boolean[]> {
    const all = sayings.flatMap((saying) =>
      [saying.link.deliveryId, ...saying.link.others].map((deliveryId) => ({ ...saying, deliveryId })),
    );
    const judged = await this.judge.judgeAll(tx, all);
    const heard = all.map((said, index) => {
      const { isScanner = true, details = {} } = judged[index] ?? {};
      return { ...said, details, isTaken: !isScanner || said.link.purpose === 'unsubscribe' };
    });
    for (const run of runsOf(heard.filter(({ isTaken }) => isTaken))) {
      const { column, marks } = STATEMENTS[run.statement];
      if (marks)
        await markDeliveries(
          tx,
          column,
          run.said.map(({ deliveryId, now }) => ({ id: deliveryId, at: now })),
        );
      else
        await unmarkDeliveries(
          tx,
          column,
          run.said.map(({ deliveryId }) => deliveryId),
        );
    }
    await this.access.addAll(
      tx,
      heard.map(({ deliveryId, link, statement, now, client, details, isTaken }) => ({
        delivery: { id: deliveryId, platformId: link.platformId },
        access: {
          method: 'page',
          phase: statement,
          counts: false,
          at: now,
          details: { ...details, taken: isTaken },
          client,
        },
      })),
    );
    return sayings.map(({ link }) => heard.every((one) => one.link !== link || one.isTaken));
  }
}

/** What can be written with one statement: the same was said, and of no delivery twice. */
function runsOf(all: readonly Said[]): { statement: Statement; said: Said[] }[] {
  const runs: { statement: Statement; said: Said[] }[] = [];
  for (const one of all) {
    const run = runs.at(-1);
    if (run?.statement === one.statement && !run.said.some(({ deliveryId }) => deliveryId === one.deliveryId))
      run.said.push(one);
    else runs.push({ statement: one.statement, said: [one] });
  }
  return runs;
}
