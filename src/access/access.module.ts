import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ChainedKinds } from '../audit/index.js';
import { CallerResolvers, LinkGone, LinkUnknown } from '../auth/index.js';
import { DeliveriesModule } from '../deliveries/index.js';
import { ErrorPages } from '../http/index.js';
import { Sweeps } from '../queue/index.js';
import { MediafluxAddress, SharesModule } from '../shares/index.js';
import { durationMs } from '../time/index.js';
import { pageHeaders, pageWords } from '../views/index.js';
import { AccessStore } from './access.store.js';
import { AskedForMoreTimeService } from './asked-for-more-time.service.js';
import { chainedAccess } from './chained-records.js';
import { ChooseLanguageService } from './choose-language.service.js';
import { ClientFactsRetention, ClientFactsStore } from './clients/client-facts.js';
import { ClientJudge } from './clients/client-judge.js';
import { clientOf } from './clients/requesting-client.js';
import { HiddenLinkService } from './clients/hidden-link.service.js';
import { Bandwidth, CopiesApiController, copyProviders } from './copies/index.js';
import { DirectDownloadService } from './direct-download.service.js';
import { EndedTransfers } from './ended-transfers.js';
import { DownloadStartsStore } from './download-starts.store.js';
import { DownloadsService } from './downloads.service.js';
import { NotReceivedService } from './not-received.service.js';
import { AssetsController } from './pages/assets.controller.js';
import { CopyFormService } from './pages/copy-form.service.js';
import { CopyDestinationForm } from './pages/copy-destination-form.service.js';
import { CopyPagesController } from './pages/copy-pages.controller.js';
import { DirectPagesController } from './pages/direct-pages.controller.js';
import { MoreTimeController } from './pages/more-time.controller.js';
import { PagesController } from './pages/pages.controller.js';
import { SharePageService } from './pages/share-page.service.js';
import { SharePageStore } from './pages/share-page.store.js';
import { gonePage, troublePage, unknownPage } from './pages/small-pages.js';
import { OverruleService } from './overrules/overrule.service.js';
import { OverrulesStore } from './overrules/overrules.store.js';
import { troubleIn } from './pages/trouble.js';
import { ReportedAccessService } from './reported-access.service.js';
import { SharedDataService } from './shared-data.service.js';
import { ReportedAccessController, SharesApiController } from './shares-api.controller.js';
import { StatementsService } from './statements.service.js';
import { FetchedPartsStore } from './fetched-parts.store.js';
import { FileTreeService } from './tree/file-tree.service.js';
import { FoldersStore } from './tree/folders.store.js';
import { LayOutFilesProcessor } from './tree/lay-out-files.processor.js';

/** To the page of the link that was used, where it still works. */
const wayBack = ({ link, params }: FastifyRequest, query: string): string | undefined =>
  link?.purpose === 'share' && link.state === 'live' ? `/s/${(params as { token: string }).token}${query}` : undefined;

@Module({
  imports: [DeliveriesModule, SharesModule],
  controllers: [
    AssetsController,
    CopiesApiController,
    CopyPagesController,
    DirectPagesController,
    MoreTimeController,
    PagesController,
    ReportedAccessController,
    SharesApiController,
  ],
  providers: [
    AskedForMoreTimeService,
    AccessStore,
    ChooseLanguageService,
    ClientFactsStore,
    ClientJudge,
    CopyFormService,
    CopyDestinationForm,
    DirectDownloadService,
    DownloadStartsStore,
    DownloadsService,
    EndedTransfers,
    FetchedPartsStore,
    FileTreeService,
    FoldersStore,
    HiddenLinkService,
    LayOutFilesProcessor,
    NotReceivedService,
    OverruleService,
    OverrulesStore,
    ReportedAccessService,
    SharedDataService,
    SharePageService,
    SharePageStore,
    StatementsService,
    ...copyProviders,
  ],
})
export class AccessModule implements OnModuleInit {
  constructor(
    @Inject(ErrorPages) private readonly pages: ErrorPages,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(EndedTransfers) private readonly endedTransfers: EndedTransfers,
    @Inject(MediafluxAddress) private readonly mediaflux: MediafluxAddress,
    @Inject(ChainedKinds) private readonly chained: ChainedKinds,
    @Inject(CallerResolvers) private readonly callers: CallerResolvers,
    @Inject(SharePageService) private readonly sharePages: SharePageService,
  ) {}

  static forRoot(settings: { clientFactsRetention: string; copyBytesPerSecond: number | undefined }): DynamicModule {
    const retention = new ClientFactsRetention(durationMs(settings.clientFactsRetention));
    return {
      module: AccessModule,
      providers: [
        { provide: ClientFactsRetention, useValue: retention },
        { provide: Bandwidth, useValue: new Bandwidth(settings.copyBytesPerSecond) },
      ],
    };
  }

  onModuleInit(): void {
    this.chained.register(...chainedAccess);
    this.callers.registerLinkOpener((token, request) => this.sharePages.open(token, clientOf(request)));
    this.pages.register((error, request, reply) => {
      pageHeaders(reply, new URL(this.mediaflux.url).origin);
      const page = pageWords(request, error instanceof LinkGone ? error.languages : request.link?.languages);
      const { words } = page;
      if (error === undefined) return troublePage(words, words.say('trouble.internal', { requestId: request.id }));
      if (error instanceof LinkGone) {
        const { token } = request.params as { token: string };
        const { contact, isReplaced, moreTime } = error;
        return gonePage({ ...page, contact, isReplaced, moreTime: moreTime && { token, ...moreTime } });
      }
      if (error instanceof LinkUnknown || (error.kind.status === 404 && !request.link)) return unknownPage(words);
      return troublePage(words, troubleIn(words, error), wayBack(request, page.query));
    });
    this.sweeps.register({ name: 'ended-transfers', everyMs: 10_000, run: () => this.endedTransfers.run() });
  }
}
