// Opens pages behind links: in one statement for all that are asked for at the same moment, which links they are, what
// each page is made of, and, of those that live, that it was opened. docs/decisions/0018-pages-in-one-statement.md

import { Inject, Injectable } from '@nestjs/common';
import { type LinkIdentity, tokenHash } from '../../auth/index.js';
import { prepared, preparedRows, row, Together, Transactions } from '../../database/index.js';
import {
  type DeliveryFacts,
  type FurthestPhase,
  furthestOf,
  linkColumns,
  linkIdentity,
  LINKS_ASKED,
  type LinkRow,
} from '../../deliveries/index.js';
import { Clock } from '../../time/index.js';
import { type AccessRecord, AccessStore, addOfLiving } from '../access.store.js';
import { type TopOfTree, topOfTree } from '../tree/folders.store.js';
import type { PageFacts, SharePage } from './share-page.types.js';

/** Rows of the listing on the page itself. */
export const SHOWN_AT_FIRST = 50;

export interface PageContents {
  facts: PageFacts;
  furthest: FurthestPhase[];
  /** With one more than is shown, where there are more; undefined while nobody has made the folders. */
  tree: TopOfTree | undefined;
}

/** The link of a page, with what the page is made of. */
export interface OpenedLink extends LinkIdentity {
  contents: PageContents;
}

interface Found extends LinkRow, PageFacts {
  furthest: (Omit<FurthestPhase, 'at'> & { at: string })[] | null;
  tree: TopOfTree | null;
}

/** $1 hashes of tokens, $2 now, $3 views of them. */
const OPEN = prepared(
  `with opened as materialized (
         select ${linkColumns('$2::timestamptz')},
                d.id, d.expires_at as "expiresAt", d.done_at as "doneAt", d.opted_out_at as "optedOutAt", u.folder,
                u.manifest_id as "manifestId", u.files, u.bytes, u.names_not_for_windows as "namesNotForWindows", u.keywords, u.note,
                u.operator_name as "operatorName", u.completed_at as "uploadedAt", p.name as platform,
                p.time_zone as "timeZone", p.methods, p.contact_name as "contactName", p.contact_email as "contactEmail",
                p.direct_limit_bytes as "directLimitBytes", p.reminders_enabled as "sendsReminders",
                json_build_object('person', n.language, 'platform', p.language) as languages
           from ${LINKS_ASKED}
           join upload u on u.id = d.upload_id),
        ${addOfLiving('opened', '$3')}
   select opened.*, far.furthest, top.tree
     from opened
     left join lateral (select json_agg(reached) as furthest from (${furthestOf('opened.id')}) reached) far on true
     left join lateral (${topOfTree('opened."manifestId"', SHOWN_AT_FIRST + 1)}) top on true`,
);

interface Asked {
  token: string;
  view: AccessRecord;
}

@Injectable()
export class SharePageStore {
  private readonly pages = new Together<Asked, OpenedLink | undefined>((asked) => this.openAll(asked));

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Resolves when the view is recorded; of a link that has ended none is. */
  open(token: string, view: AccessRecord): Promise<OpenedLink | undefined> {
    return this.pages.do({ token, view });
  }

  private async openAll(asked: readonly Asked[]): Promise<(OpenedLink | undefined)[]> {
    const now = this.clock.now();
    const opened: (OpenedLink | undefined)[] = asked.map(() => undefined);
    const found = await preparedRows<Found>(this.transactions.pool, OPEN, [
      asked.map(({ token }) => tokenHash(token)),
      now,
      this.access.givenFor(asked.map(({ view }) => view)),
    ]);
    for (const facts of found) {
      const furthest = (facts.furthest ?? []).map(({ at, ...phase }) => ({ ...phase, at: new Date(at) }));
      opened[facts.nth - 1] = {
        ...linkIdentity(facts, now),
        contents: { facts, furthest, tree: facts.tree ?? undefined },
      };
    }
    return opened;
  }

  async lastCopy(facts: Pick<DeliveryFacts, 'id'>): Promise<SharePage['copy']> {
    const found = await row<NonNullable<SharePage['copy']>>(
      this.transactions.pool,
      `select id, state, files
         from content_copy
        where delivery_id = $1
        order by requested_at desc, id desc
        limit 1`,
      [facts.id],
    );
    return found ?? null;
  }
}
