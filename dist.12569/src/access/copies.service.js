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
// Starts a copy to an end user's own project: their logon is tried once, a short-lived token of theirs is made and
// sealed, the rest is a worker's.
import { Inject, Injectable } from '@nestjs/common';
import { SecretKeys } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { NotFound } from '../http/index.js';
import { Ids, isId } from '../ids/index.js';
import { sentence } from '../language/index.js';
import { isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { whileAway } from '../platforms/index.js';
import { JobQueue } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { CopyNotPossible } from './access.errors.js';
import { AccessStore } from './access.store.js';
import { ClientJudge } from './clients/client-judge.js';
import { copyContent } from './copies.jobs.js';
import { CopiesStore } from './copies.store.js';
import { LogonTries } from './logon-tries.js';
import { SharedDataService } from './shared-data.service.js';
/** A copy of terabytes takes days; its token lives as long and is destroyed at the end. */ const TOKEN_LIFE_MS = 7 * 86_400_000;
export class CopiesService {
    transactions;
    data;
    mediaflux;
    copies;
    access;
    judge;
    tries;
    keys;
    queue;
    ids;
    clock;
    constructor(transactions, data, mediaflux, copies, access, judge, tries, keys, queue, ids, clock){
        this.transactions = transactions;
        this.data = data;
        this.mediaflux = mediaflux;
        this.copies = copies;
        this.access = access;
        this.judge = judge;
        this.tries = tries;
        this.keys = keys;
        this.queue = queue;
        this.ids = ids;
        this.clock = clock;
    }
    async start(link, request, requesting) {
        const facts = await this.data.factsFor(link, 'copy');
        const id = this.ids.next();
        const now = this.clock.now();
        const made = await this.prepare(request, id, now);
        await this.transactions.run(async (tx)=>{
            await this.copies.insert(tx, {
                id,
                deliveryId: facts.id,
                destination: request.destination,
                sealed: made.sealed,
                credentialId: made.tokenId,
                at: now
            });
            const { client, details } = await this.judge.judge(tx, facts.id, requesting, now);
            await this.access.record(tx, facts, {
                method: 'copy',
                phase: 'requested',
                counts: false,
                at: now,
                details: {
                    copyId: id,
                    ...details
                },
                client
            });
        });
        await this.queue.add(copyContent, {
            copyId: id
        });
        return {
            id,
            warnings: []
        };
    }
    async find(link, id) {
        const copy = isId(id) ? await this.copies.find(this.transactions.pool, id, link.deliveryId) : undefined;
        if (!copy) throw new NotFound('copy behind this link');
        return copy;
    }
    async get(link, id) {
        const copy = await this.find(link, id);
        return {
            id: copy.id,
            state: copy.state,
            destination: copy.destination,
            files: copy.files,
            bytes: copy.bytes,
            ...copy.reason === null ? {} : {
                reason: copy.reason
            }
        };
    }
    /** Logs on once with what was given, looks whether the destination will do, and makes the sealed token. */ async prepare(request, id, now) {
        const isToken = 'token' in request;
        const account = isToken ? `token:${request.token}` : `${request.domain}:${request.user}`;
        await this.tries.mustBeAllowed(account);
        const session = this.mediaflux.userSession(isToken ? {
            token: request.token
        } : {
            domain: request.domain,
            user: request.user,
            password: request.password
        });
        try {
            const self = await session.whoAmI();
            await mustBeWritable(session, request.destination);
            // A token of a user that stands for themselves makes none: it is used as it is.
            if (self.type !== 'user') return {
                sealed: this.seal(id, isToken ? request.token : ''),
                tokenId: ''
            };
            const made = await session.createOwnToken(self.name, new Date(now.getTime() + TOKEN_LIFE_MS));
            return {
                sealed: this.seal(id, made.token),
                tokenId: made.tokenId
            };
        } catch (error) {
            if (isMediafluxError(error, 'not-authenticated')) {
                await this.tries.refused(account);
                throw refusedLogon(isToken);
            }
            if (isMediafluxError(error)) throw whileAway(error);
            throw error;
        } finally{
            await session.close().catch((error)=>{
                if (!isMediafluxError(error)) throw error;
            });
        }
    }
    seal(id, token) {
        return this.keys.seal(token, `copy:${id}`);
    }
}
CopiesService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(SharedDataService)),
    _ts_param(2, Inject(MediafluxGateway)),
    _ts_param(3, Inject(CopiesStore)),
    _ts_param(4, Inject(AccessStore)),
    _ts_param(5, Inject(ClientJudge)),
    _ts_param(6, Inject(LogonTries)),
    _ts_param(7, Inject(SecretKeys)),
    _ts_param(8, Inject(JobQueue)),
    _ts_param(9, Inject(Ids)),
    _ts_param(10, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof SharedDataService === "undefined" ? Object : SharedDataService,
        typeof MediafluxGateway === "undefined" ? Object : MediafluxGateway,
        typeof CopiesStore === "undefined" ? Object : CopiesStore,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof ClientJudge === "undefined" ? Object : ClientJudge,
        typeof LogonTries === "undefined" ? Object : LogonTries,
        typeof SecretKeys === "undefined" ? Object : SecretKeys,
        typeof JobQueue === "undefined" ? Object : JobQueue,
        typeof Ids === "undefined" ? Object : Ids,
        typeof Clock === "undefined" ? Object : Clock
    ])
], CopiesService);
const refusedLogon = (isToken)=>isToken ? new CopyNotPossible('token', sentence('copyTrouble.token')) : new CopyNotPossible('password', sentence('copyTrouble.logon'));
/** It must be there and writable, or its parent must. @throws CopyNotPossible saying which is wrong */ async function mustBeWritable(session, destination) {
    const here = await session.mayWrite(destination);
    if (here === 'yes') return;
    if (here === 'read-only') throw new CopyNotPossible('destination', sentence('copyTrouble.readOnly', {
        namespace: destination
    }));
    const parent = destination.slice(0, destination.lastIndexOf('/'));
    const above = parent === '' ? 'missing' : await session.mayWrite(parent);
    const places = {
        namespace: destination,
        parent: parent === '' ? '/' : parent
    };
    if (above === 'missing') throw new CopyNotPossible('destination', sentence('copyTrouble.parentMissing', places));
    if (above === 'read-only') throw new CopyNotPossible('destination', sentence('copyTrouble.parentReadOnly', places));
}

//# sourceMappingURL=copies.service.js.map
