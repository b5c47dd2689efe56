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
// Gathers what the pages behind a link show.
import { Inject, Injectable } from '@nestjs/common';
import { row, Transactions } from '../../database/index.js';
import { DispatchMail } from '../../deliveries/index.js';
import { Clock } from '../../time/index.js';
import { NotReceivedService } from '../not-received.service.js';
import { SharedDataService } from '../shared-data.service.js';
import { FileTreeService } from '../tree/file-tree.service.js';
import { confirmPage } from './confirm-page.js';
import { filesPage } from './files-page.js';
import { sharePage } from './share-page.js';
import { systemOf } from './visitor-system.rules.js';
/** Rows of the listing on the page itself, and on a page of the listing alone. */ const SHOWN_AT_FIRST = 50;
const SHOWN_ON_A_PAGE = 200;
export class SharePageService {
    transactions;
    data;
    tree;
    notReceived;
    dispatch;
    clock;
    constructor(transactions, data, tree, notReceived, dispatch, clock){
        this.transactions = transactions;
        this.data = data;
        this.tree = tree;
        this.notReceived = notReceived;
        this.dispatch = dispatch;
        this.clock = clock;
    }
    /** Opening it is recorded as viewed, and counts as nothing. */ async main(words, link, client) {
        const facts = await this.data.facts(link);
        const [phases, tree] = await Promise.all([
            this.data.phases(facts),
            this.tree.page(facts, '', undefined, SHOWN_AT_FIRST),
            this.data.viewed(facts, client)
        ]);
        return sharePage({
            ...words,
            facts,
            phases,
            direct: phases.direct ? await this.notReceived.outcome(facts) : {
                counts: false,
                notReceivedAt: null
            },
            copy: phases.copy ? await this.lastCopy(facts) : null,
            tree,
            how: this.dispatch.howToFetch(facts),
            system: systemOf(client.userAgent),
            now: this.clock.now()
        });
    }
    /** @param query `path` of a folder, without slashes at its ends; `after` as the page before said */ async files(words, link, query) {
        const facts = await this.data.facts(link);
        const { path, after } = query ?? {};
        const from = typeof after === 'string' ? after : undefined;
        const tree = await this.tree.page(facts, typeof path === 'string' ? path : '', from, SHOWN_ON_A_PAGE);
        return filesPage({
            ...words,
            facts,
            token: this.dispatch.howToFetch(facts).token,
            tree,
            after: from
        });
    }
    /** @throws MethodNotOffered */ async confirm(words, link) {
        const facts = await this.data.factsFor(link, 'direct');
        return confirmPage({
            ...words,
            facts,
            how: this.dispatch.howToFetch(facts)
        });
    }
    async lastCopy(facts) {
        const found = await row(this.transactions.pool, `select id, state, files
         from content_copy
        where delivery_id = $1
        order by requested_at desc, id desc
        limit 1`, [
            facts.id
        ]);
        return found ?? null;
    }
}
SharePageService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(SharedDataService)),
    _ts_param(2, Inject(FileTreeService)),
    _ts_param(3, Inject(NotReceivedService)),
    _ts_param(4, Inject(DispatchMail)),
    _ts_param(5, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof SharedDataService === "undefined" ? Object : SharedDataService,
        typeof FileTreeService === "undefined" ? Object : FileTreeService,
        typeof NotReceivedService === "undefined" ? Object : NotReceivedService,
        typeof DispatchMail === "undefined" ? Object : DispatchMail,
        typeof Clock === "undefined" ? Object : Clock
    ])
], SharePageService);

//# sourceMappingURL=share-page.service.js.map
