// Opens the pages of deliveries: what each is made of is found, and that it was opened recorded, in one statement for all
// that are opened at the same moment.

import { Inject, Injectable } from '@nestjs/common';
import { prepared, preparedRows, row, Together, Transactions } from '../../database/index.js';
import { type DeliveryFacts, type FurthestPhase, furthestOf } from '../../deliveries/index.js';
import { AccessStore, ADD_GIVEN, type RecordedAccess } from '../access.store.js';
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

interface Found extends PageFacts {
  /** Of the delivery in what was asked, from 1. */
  nth: number;
  furthest: (Omit<FurthestPhase, 'at'> & { at: string })[] | null;
  tree: TopOfTree | null;
}

/** $1 events, $2 ids of deliveries. */
const OPEN = prepared(
  `with ${ADD_GIVEN}
   select asked.nth, d.id, d.link_generation as "linkGeneration", d.link_key_id as "linkKeyId", d.expires_at as "expiresAt",
          d.done_at as "doneAt", u.folder, u.manifest_id as "manifestId", u.files, u.bytes,
          u.names_not_for_windows as "namesNotForWindows", u.keywords, u.note, u.operator_name as "operatorName",
          u.completed_at as "uploadedAt", p.name as platform, p.time_zone as "timeZone", p.methods,
          p.contact_name as "contactName", p.contact_email as "contactEmail", p.direct_limit_bytes as "directLimitBytes",
          json_build_object('person', n.language, 'platform', p.language) as languages, far.furthest, top.tree
     from unnest((select $2::uuid[])) with ordinality as asked (delivery_id, nth)
     join delivery d on d.id = asked.delivery_id
     join upload u on u.id = d.upload_id
     join platform p on p.id = d.platform_id
     join person n on n.id = d.person_id
     left join lateral (select json_agg(reached) as furthest from (${furthestOf('d.id')}) reached) far on true
     left join lateral (${topOfTree('u.manifest_id', SHOWN_AT_FIRST + 1)}) top on true`,
);

@Injectable()
export class SharePageStore {
  private readonly opened = new Together<RecordedAccess, PageContents | undefined>((views) => this.openAll(views));

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(AccessStore) private readonly access: AccessStore,
  ) {}

  /** Resolves when the view is recorded. */
  open(view: RecordedAccess): Promise<PageContents | undefined> {
    return this.opened.do(view);
  }

  private async openAll(views: readonly RecordedAccess[]): Promise<(PageContents | undefined)[]> {
    const contents: (PageContents | undefined)[] = views.map(() => undefined);
    const found = await preparedRows<Found>(this.transactions.pool, OPEN, [
      this.access.given(views),
      views.map(({ delivery }) => delivery.id),
    ]);
    for (const { nth, furthest, tree, ...facts } of found)
      contents[nth - 1] = {
        facts,
        furthest: (furthest ?? []).map(({ at, ...phase }) => ({ ...phase, at: new Date(at) })),
        tree: tree ?? undefined,
      };
    return contents;
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
