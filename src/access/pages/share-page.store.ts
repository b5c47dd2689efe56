// What a delivery's page is made of, in one statement for all pages that are opened at the same moment.

import { Inject, Injectable } from '@nestjs/common';
import { prepared, preparedRows, row, Together, Transactions } from '../../database/index.js';
import { type DeliveryFacts, type FurthestPhase, furthestOf } from '../../deliveries/index.js';
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

/** $1 ids of deliveries. */
const FIND = prepared(
  `select asked.nth, d.id, d.link_generation as "linkGeneration", d.link_key_id as "linkKeyId", d.expires_at as "expiresAt",
          d.done_at as "doneAt", u.folder, u.manifest_id as "manifestId", u.files, u.bytes,
          u.names_not_for_windows as "namesNotForWindows", u.keywords, u.note, u.operator_name as "operatorName",
          u.completed_at as "uploadedAt", p.name as platform, p.time_zone as "timeZone", p.methods,
          p.contact_name as "contactName", p.contact_email as "contactEmail", p.direct_limit_bytes as "directLimitBytes",
          json_build_object('person', n.language, 'platform', p.language) as languages, far.furthest, top.tree
     from unnest((select $1::uuid[])) with ordinality as asked (delivery_id, nth)
     join delivery d on d.id = asked.delivery_id
     join upload u on u.id = d.upload_id
     join platform p on p.id = d.platform_id
     join person n on n.id = d.person_id
     left join lateral (select json_agg(phase) as furthest from (${furthestOf('d.id')}) phase) far on true
     left join lateral (${topOfTree('u.manifest_id', SHOWN_AT_FIRST + 1)}) top on true`,
);

@Injectable()
export class SharePageStore {
  private readonly lookUps = new Together<string, PageContents | undefined>((ids) => this.findAll(ids));

  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  find(deliveryId: string): Promise<PageContents | undefined> {
    return this.lookUps.do(deliveryId);
  }

  private async findAll(ids: readonly string[]): Promise<(PageContents | undefined)[]> {
    const contents: (PageContents | undefined)[] = ids.map(() => undefined);
    for (const { nth, furthest, tree, ...facts } of await preparedRows<Found>(this.transactions.pool, FIND, [ids]))
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
