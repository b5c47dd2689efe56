// Gathers what the pages behind a link show.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { DispatchMail } from '../../deliveries/index.js';
import { Clock } from '../../time/index.js';
import type { PageWords } from '../../views/index.js';
import { ClientFactsStore } from '../clients/client-facts.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { NotReceivedService } from '../not-received.service.js';
import { SharedDataService } from '../shared-data.service.js';
import { FileTreeService, firstOf } from '../tree/file-tree.service.js';
import { confirmPage } from './confirm-page.js';
import { filesPage } from './files-page.js';
import { sharePage } from './share-page.js';
import { type OpenedLink, SHOWN_AT_FIRST, SharePageStore } from './share-page.store.js';
import { systemOf } from './visitor-system.rules.js';

/** Rows on a page of the listing alone. */
const SHOWN_ON_A_PAGE = 200;

@Injectable()
export class SharePageService {
  constructor(
    @Inject(SharePageStore) private readonly store: SharePageStore,
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(FileTreeService) private readonly tree: FileTreeService,
    @Inject(NotReceivedService) private readonly notReceived: NotReceivedService,
    @Inject(DispatchMail) private readonly dispatch: DispatchMail,
    @Inject(ClientFactsStore) private readonly clients: ClientFactsStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** What was found with its link; opening it is recorded as viewed, and counts as nothing: mail scanners do it too. */
  open(token: string, client: RequestingClient): Promise<OpenedLink | undefined> {
    return this.store.open(token, {
      method: 'page',
      phase: 'viewed',
      counts: false,
      at: this.clock.now(),
      details: { ...(client.isHead ? { head: true } : {}), ...(client.isPrefetch ? { prefetch: true } : {}) },
      client: this.clients.factsOf(client),
    });
  }

  async main(
    words: PageWords,
    { contents }: OpenedLink,
    token: string,
    userAgent: string | undefined,
  ): Promise<string> {
    const { facts, furthest, tree } = contents;
    const phases = await this.data.phases(facts, furthest);
    return sharePage({
      ...words,
      facts,
      phases,
      direct: phases.direct ? await this.notReceived.outcome(facts) : { counts: false, notReceivedAt: null },
      copy: phases.copy ? await this.store.lastCopy(facts) : null,
      tree: tree ? firstOf(tree, SHOWN_AT_FIRST) : await this.tree.page(facts, '', undefined, SHOWN_AT_FIRST),
      how: this.dispatch.howToFetchBy(token),
      system: systemOf(userAgent),
      now: this.clock.now(),
    });
  }

  /** @param query `path` of a folder, without slashes at its ends; `after` as the page before said */
  async files(words: PageWords, link: LinkIdentity, query: unknown): Promise<string> {
    const facts = await this.data.facts(link);
    const { path, after } = (query ?? {}) as Record<string, unknown>;
    const from = typeof after === 'string' ? after : undefined;
    const tree = await this.tree.page(facts, typeof path === 'string' ? path : '', from, SHOWN_ON_A_PAGE);
    return filesPage({ ...words, facts, token: this.dispatch.howToFetch(facts).token, tree, after: from });
  }

  /** @throws MethodNotOffered */
  async confirm(words: PageWords, link: LinkIdentity): Promise<string> {
    const facts = await this.data.factsFor(link, 'direct');
    return confirmPage({ ...words, facts, how: this.dispatch.howToFetch(facts) });
  }
}
