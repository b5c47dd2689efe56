function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
import { Inject, Module } from '@nestjs/common';
import { ChainedKinds } from '../audit/index.js';
import { LinkGone, LinkUnknown } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { DeliveriesModule } from '../deliveries/index.js';
import { ErrorPages } from '../http/index.js';
import { JobQueue, Sweeps } from '../queue/index.js';
import { MediafluxAddress, SharesModule } from '../shares/index.js';
import { durationMs } from '../time/index.js';
import { pageHeaders, pageWords } from '../views/index.js';
import { AccessStore } from './access.store.js';
import { chainedAccess } from './chained-records.js';
import { ClientFactsRetention, ClientFactsStore } from './clients/client-facts.js';
import { ClientJudge } from './clients/client-judge.js';
import { HiddenLinkService } from './clients/hidden-link.service.js';
import { copyContent } from './copies.jobs.js';
import { CopiesService } from './copies.service.js';
import { CopiesStore } from './copies.store.js';
import { CopyContentProcessor } from './copy-content.processor.js';
import { DirectDownloadService } from './direct-download.service.js';
import { EndedTransfers } from './ended-transfers.js';
import { DownloadsService } from './downloads.service.js';
import { LogonTries } from './logon-tries.js';
import { NotReceivedService } from './not-received.service.js';
import { CopyFormService } from './pages/copy-form.service.js';
import { AssetsController } from './pages/assets.controller.js';
import { DirectPagesController } from './pages/direct-pages.controller.js';
import { MoreTimeController } from './pages/more-time.controller.js';
import { PagesController } from './pages/pages.controller.js';
import { SharePageService } from './pages/share-page.service.js';
import { gonePage, troublePage, unknownPage } from './pages/small-pages.js';
import { OverruleService } from './overrules/overrule.service.js';
import { OverrulesStore } from './overrules/overrules.store.js';
import { troubleIn } from './pages/trouble.js';
import { ReportedAccessService } from './reported-access.service.js';
import { SharedDataService } from './shared-data.service.js';
import { ReportedAccessController, SharesApiController } from './shares-api.controller.js';
import { StatementsService } from './statements.service.js';
import { FileTreeService } from './tree/file-tree.service.js';
import { FoldersStore } from './tree/folders.store.js';
import { LayOutFilesProcessor } from './tree/lay-out-files.processor.js';
/** To the page of the link that was used, where it still works. */ const wayBack = ({ link, params }, query)=>link?.purpose === 'share' && link.state === 'live' ? `/s/${params.token}${query}` : undefined;
export class AccessModule {
    pages;
    sweeps;
    queue;
    endedTransfers;
    copies;
    transactions;
    mediaflux;
    chained;
    constructor(pages, sweeps, queue, endedTransfers, copies, transactions, mediaflux, chained){
        this.pages = pages;
        this.sweeps = sweeps;
        this.queue = queue;
        this.endedTransfers = endedTransfers;
        this.copies = copies;
        this.transactions = transactions;
        this.mediaflux = mediaflux;
        this.chained = chained;
    }
    static forRoot(settings) {
        const retention = new ClientFactsRetention(durationMs(settings.clientFactsRetention));
        return {
            module: AccessModule,
            providers: [
                {
                    provide: ClientFactsRetention,
                    useValue: retention
                }
            ]
        };
    }
    onModuleInit() {
        this.chained.register(...chainedAccess);
        this.pages.register((error, request, reply)=>{
            pageHeaders(reply, new URL(this.mediaflux.url).origin);
            const page = pageWords(request, error instanceof LinkGone ? error.languages : request.link?.languages);
            const { words } = page;
            if (error === undefined) return troublePage(words, words.say('trouble.internal', {
                requestId: request.id
            }));
            if (error instanceof LinkGone) {
                const { token } = request.params;
                return gonePage({
                    ...page,
                    contact: error.contact,
                    moreTime: error.moreTime && {
                        token,
                        ...error.moreTime
                    }
                });
            }
            if (error instanceof LinkUnknown || error.kind.status === 404 && !request.link) return unknownPage(words);
            return troublePage(words, troubleIn(words, error), wayBack(request, page.query));
        });
        this.sweeps.register({
            name: 'ended-transfers',
            everyMs: 10_000,
            run: ()=>this.endedTransfers.run()
        });
        this.sweeps.register({
            name: 'copies',
            everyMs: 3_000,
            run: async ()=>{
                for (const copyId of (await this.copies.unattended(this.transactions.pool)))await this.queue.add(copyContent, {
                    copyId
                });
            }
        });
    }
}
AccessModule = _ts_decorate([
    Module({
        imports: [
            DeliveriesModule,
            SharesModule
        ],
        controllers: [
            AssetsController,
            DirectPagesController,
            MoreTimeController,
            PagesController,
            ReportedAccessController,
            SharesApiController
        ],
        providers: [
            AccessStore,
            ClientFactsStore,
            ClientJudge,
            CopiesService,
            CopiesStore,
            CopyContentProcessor,
            CopyFormService,
            DirectDownloadService,
            DownloadsService,
            EndedTransfers,
            FileTreeService,
            FoldersStore,
            HiddenLinkService,
            LayOutFilesProcessor,
            LogonTries,
            NotReceivedService,
            OverruleService,
            OverrulesStore,
            ReportedAccessService,
            SharedDataService,
            SharePageService,
            StatementsService
        ]
    }),
    _ts_param(0, Inject(ErrorPages)),
    _ts_param(1, Inject(Sweeps)),
    _ts_param(2, Inject(JobQueue)),
    _ts_param(3, Inject(EndedTransfers)),
    _ts_param(4, Inject(CopiesStore)),
    _ts_param(5, Inject(Transactions)),
    _ts_param(6, Inject(MediafluxAddress)),
    _ts_param(7, Inject(ChainedKinds)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ErrorPages === "undefined" ? Object : ErrorPages,
        typeof Sweeps === "undefined" ? Object : Sweeps,
        typeof JobQueue === "undefined" ? Object : JobQueue,
        typeof EndedTransfers === "undefined" ? Object : EndedTransfers,
        typeof CopiesStore === "undefined" ? Object : CopiesStore,
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof MediafluxAddress === "undefined" ? Object : MediafluxAddress,
        typeof ChainedKinds === "undefined" ? Object : ChainedKinds
    ])
], AccessModule);

//# sourceMappingURL=access.module.js.map
