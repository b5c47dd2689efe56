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
// The direct link: a short-lived address at Mediaflux that streams a zip. That it was tried is recorded before the
// browser is sent there; whether it finished cannot be known.
import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { zipName } from '../deliveries/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { whileAway } from '../platforms/index.js';
import { ScopedCredentials } from '../shares/index.js';
import { Clock } from '../time/index.js';
import { isCounting } from './access.rules.js';
import { AccessStore } from './access.store.js';
import { admit } from './link-admission.js';
import { ClientJudge } from './clients/client-judge.js';
import { SharedDataService } from './shared-data.service.js';
export class DirectDownloadService {
    transactions;
    data;
    credentials;
    access;
    judge;
    mails;
    clock;
    constructor(transactions, data, credentials, access, judge, mails, clock){
        this.transactions = transactions;
        this.data = data;
        this.credentials = credentials;
        this.access = access;
        this.judge = judge;
        this.mails = mails;
        this.clock = clock;
    }
    /** Where the zip is, for a scanner too: it may be a person after all. @throws Unavailable no link could be made: nothing counts */ async run(link, requesting) {
        const facts = await this.data.factsFor(link, 'direct');
        const share = {
            uploadId: facts.uploadId,
            deliveryId: facts.id,
            namespace: facts.dataNamespace
        };
        const admission = async (tx)=>{
            await admit(tx, link, this.clock.now());
            return {
                notAfter: null
            };
        };
        const address = await this.credentials.issueZipLink(share, zipName(facts.folder), admission).catch((error)=>{
            throw isMediafluxError(error) ? whileAway(error) : error;
        });
        await this.transactions.run(async (tx)=>{
            const now = this.clock.now();
            const { client, isScanner, details } = await this.judge.judge(tx, facts.id, requesting, now);
            await this.access.record(tx, facts, {
                method: 'direct',
                phase: 'attempted',
                counts: isCounting('direct', 'attempted', true, true) && !isScanner,
                at: now,
                details,
                client
            });
        });
        await this.mails.kick();
        return address;
    }
}
DirectDownloadService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(SharedDataService)),
    _ts_param(2, Inject(ScopedCredentials)),
    _ts_param(3, Inject(AccessStore)),
    _ts_param(4, Inject(ClientJudge)),
    _ts_param(5, Inject(MailDispatcher)),
    _ts_param(6, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof SharedDataService === "undefined" ? Object : SharedDataService,
        typeof ScopedCredentials === "undefined" ? Object : ScopedCredentials,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof ClientJudge === "undefined" ? Object : ClientJudge,
        typeof MailDispatcher === "undefined" ? Object : MailDispatcher,
        typeof Clock === "undefined" ? Object : Clock
    ])
], DirectDownloadService);

//# sourceMappingURL=direct-download.service.js.map
