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
// Downloads with the Data Mover: started, progress, completed (whole or which part), failed. A download that began
// before the link expired may go on for a while, never after a revocation.
import { Inject, Injectable, Logger } from '@nestjs/common';
import { LinkGone } from '../auth/index.js';
import { row, rows, Transactions } from '../database/index.js';
import { decideContinuation, TRANSFER_GRACE_MS } from '../deliveries/index.js';
import { Conflict, NotFound } from '../http/index.js';
import { Ids, isId } from '../ids/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { whileAway } from '../platforms/index.js';
import { ScopedCredentials } from '../shares/index.js';
import { Clock } from '../time/index.js';
import { NotAsRecorded } from './access.errors.js';
import { isCounting } from './access.rules.js';
import { AccessStore } from './access.store.js';
import { admit } from './link-admission.js';
import { ClientJudge } from './clients/client-judge.js';
import { SharedDataService } from './shared-data.service.js';
export class DownloadsService {
    transactions;
    data;
    credentials;
    access;
    judge;
    mails;
    ids;
    clock;
    logger = new Logger('access');
    constructor(transactions, data, credentials, access, judge, mails, ids, clock){
        this.transactions = transactions;
        this.data = data;
        this.credentials = credentials;
        this.access = access;
        this.judge = judge;
        this.mails = mails;
        this.ids = ids;
        this.clock = clock;
    }
    async start(link, requesting) {
        const facts = await this.data.factsFor(link, 'data-mover');
        const id = this.ids.next();
        const now = this.clock.now();
        await this.transactions.run((tx)=>rows(tx, `insert into download (id, delivery_id, state, started_at, last_progress_at) values ($1, $2, 'started', $3, $3)`, [
                id,
                facts.id,
                now
            ]));
        const mediaflux = await this.issue(link, facts, id).catch(async (error)=>{
            // It never began: nobody is held to be fetching.
            await rows(this.transactions.pool, `update download set state = 'failed', ended_at = $2 where id = $1`, [
                id,
                now
            ]);
            throw error;
        });
        await this.transactions.run(async (tx)=>{
            const { client, details } = await this.judge.judge(tx, facts.id, requesting, now);
            await this.access.record(tx, facts, {
                method: 'data-mover',
                phase: 'started',
                counts: false,
                at: now,
                details: {
                    downloadId: id,
                    ...details
                },
                client
            });
        });
        return {
            id,
            mediaflux,
            warnings: []
        };
    }
    async credential(link, id) {
        return {
            mediaflux: await this.issue(link, await this.data.facts(link), id)
        };
    }
    /** Saying the same again is no progress. */ async progress(link, id, report) {
        const facts = await this.data.facts(link);
        await this.transactions.run(async (tx)=>{
            await this.running(tx, link, facts, id);
            await rows(tx, `update download
            set files = greatest(files, $2), bytes = greatest(bytes, $3), reported_files = $5, reported_bytes = $6,
                last_progress_at = case when (reported_files, reported_bytes) = ($5::bigint, $6::bigint)
                                        then last_progress_at else $4 end
          where id = $1
            and state = 'started'`, [
                id,
                Math.min(report.files, facts.files),
                Math.min(report.bytes, facts.bytes),
                this.clock.now(),
                report.files,
                report.bytes
            ]);
        });
    }
    /** Saying it again changes nothing. @throws NotAsRecorded what is said to be fetched is not what there is */ async complete(link, id, report, requesting) {
        const facts = await this.data.facts(link);
        await this.transactions.run(async (tx)=>{
            const download = await this.running(tx, link, facts, id);
            if (download.state === 'completed') return;
            if (report.whole && (report.files !== facts.files || report.bytes !== facts.bytes)) {
                throw new NotAsRecorded(`The data are ${facts.files} files of ${facts.bytes} bytes, not ${report.files} of ${report.bytes}; fetch what is missing.`);
            }
            if (!report.whole) await this.recordPart(tx, facts, id, report.paths);
            const now = this.clock.now();
            await rows(tx, `update download
            set state = 'completed', whole = $2, files = $3, last_progress_at = $4, ended_at = $4
          where id = $1`, [
                id,
                report.whole,
                report.whole ? facts.files : report.paths.length,
                now
            ]);
            await this.credentials.requestEndOfDownload(tx, id);
            const isWhole = report.whole || await this.isCovered(tx, facts);
            const { client, isScanner, details } = await this.judge.judge(tx, facts.id, requesting, now);
            await this.access.record(tx, facts, {
                method: 'data-mover',
                phase: 'completed',
                counts: isCounting('data-mover', 'completed', isWhole, facts.partialCounts) && !isScanner,
                at: now,
                details: {
                    downloadId: id,
                    whole: report.whole,
                    ...details
                },
                client
            });
        });
        await this.mails.kick();
        await this.destroyCredentials(facts);
    }
    async fail(link, id, reason, requesting) {
        const facts = await this.data.facts(link);
        await this.transactions.run(async (tx)=>{
            const download = await this.running(tx, link, facts, id);
            if (download.state !== 'started') return;
            const now = this.clock.now();
            const { client, details } = await this.judge.judge(tx, facts.id, requesting, now);
            await rows(tx, `update download set state = 'failed', ended_at = $2 where id = $1`, [
                id,
                now
            ]);
            await this.credentials.requestEndOfDownload(tx, id);
            await this.access.record(tx, facts, {
                method: 'data-mover',
                phase: 'failed',
                counts: false,
                at: now,
                details: {
                    downloadId: id,
                    ...details
                },
                remark: reason,
                client
            });
        });
        await this.destroyCredentials(facts);
    }
    async recordPart(tx, facts, id, paths) {
        const wanted = [
            ...new Set(paths)
        ];
        const known = await rows(tx, `insert into download_fetched (download_id, path)
       select $1, m.path
         from manifest_entry m
        where m.manifest_id = $2
          and m.type = 'file'
          and m.path = any($3::text[])
    returning path`, [
            id,
            facts.manifestId,
            wanted
        ]);
        if (known.length !== wanted.length) throw new NotAsRecorded(`${wanted.length - known.length} of the paths are no files of these data.`);
    }
    /** Do the parts that were fetched so far make up the whole? */ async isCovered(tx, facts) {
        const found = await row(tx, `select count(distinct f.path) as count
         from download_fetched f
         join download d on d.id = f.download_id
        where d.delivery_id = $1`, [
            facts.id
        ]);
        return (found?.count ?? 0) >= facts.files;
    }
    /** The download of this link, if it may still go on. @throws NotFound, LinkGone */ async running(tx, link, facts, id) {
        const download = isId(id) ? await row(tx, 'select id, state, last_progress_at from download where id = $1 and delivery_id = $2 for update', [
            id,
            facts.id
        ]) : undefined;
        if (!download) throw new NotFound('download behind this link');
        const graceEnds = (link.expiresAt?.getTime() ?? Infinity) + TRANSFER_GRACE_MS;
        if (link.state !== 'live' && this.clock.now().getTime() >= graceEnds) throw new LinkGone(link.contact, link.languages, link.moreTime);
        return download;
    }
    /** A credential for a download that may go on; one that broke off is taken up again. @throws LinkGone, Conflict */ issue(link, facts, downloadId) {
        const { uploadId, id: deliveryId, dataNamespace: namespace, timeZone } = facts;
        const share = {
            uploadId,
            deliveryId,
            downloadId,
            namespace,
            timeZone
        };
        const admission = async (tx)=>{
            const now = this.clock.now();
            await admit(tx, link, now);
            const download = await this.running(tx, link, facts, downloadId);
            const transfer = {
                state: download.state,
                lastProgressAt: download.last_progress_at
            };
            const decision = decideContinuation(transfer, link.expiresAt, now);
            if (decision.mayGoOn) {
                await rows(tx, `update download set state = 'started', ended_at = null where id = $1 and state = 'failed'`, [
                    downloadId
                ]);
                return {
                    notAfter: decision.notAfter
                };
            }
            if (decision.because === 'completed') throw new Conflict('This download is complete; start another one.');
            throw new LinkGone(link.contact, link.languages, link.moreTime);
        };
        return this.credentials.issue('download', share, admission).catch((error)=>{
            throw isMediafluxError(error) ? whileAway(error) : error;
        });
    }
    /** Of a download that has ended; another one of the same delivery keeps its own. */ async destroyCredentials(facts) {
        await this.credentials.finishEnding(facts.id, facts.dataNamespace).catch((error)=>{
            if (!isMediafluxError(error)) throw error;
            this.logger.warn({
                deliveryId: facts.id
            }, 'The credentials of a download that has ended are destroyed as soon as Mediaflux can be reached.');
        });
    }
}
DownloadsService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(SharedDataService)),
    _ts_param(2, Inject(ScopedCredentials)),
    _ts_param(3, Inject(AccessStore)),
    _ts_param(4, Inject(ClientJudge)),
    _ts_param(5, Inject(MailDispatcher)),
    _ts_param(6, Inject(Ids)),
    _ts_param(7, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof SharedDataService === "undefined" ? Object : SharedDataService,
        typeof ScopedCredentials === "undefined" ? Object : ScopedCredentials,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof ClientJudge === "undefined" ? Object : ClientJudge,
        typeof MailDispatcher === "undefined" ? Object : MailDispatcher,
        typeof Ids === "undefined" ? Object : Ids,
        typeof Clock === "undefined" ? Object : Clock
    ])
], DownloadsService);

//# sourceMappingURL=downloads.service.js.map
