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
// Streams a delivery's data into the end user's namespace: read with the service's rights, written with the user's own,
// so that Mediaflux itself decides where they may write. What is there and equal is skipped, what differs is refused,
// nothing is overwritten, and every file is compared. A worker that is killed leaves it to the next one.
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SecretKeys } from '../auth/index.js';
import { rows, Transactions } from '../database/index.js';
import { findDelivery, TRANSFER_GRACE_MS } from '../deliveries/index.js';
import { sentence, wordsFor } from '../language/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { Processes } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { isCounting } from './access.rules.js';
import { AccessStore } from './access.store.js';
import { copyContent } from './copies.jobs.js';
import { CopiesStore } from './copies.store.js';
const RENEW_EVERY_MS = 5_000;
/** A reason that the end user can act on; the copy ends with it. */ let CopyRefused = class CopyRefused extends Error {
    sentence;
    constructor(sentence){
        super(wordsFor('en').tell(sentence)), this.sentence = sentence;
    }
};
export class CopyContentProcessor {
    transactions;
    copies;
    access;
    mediaflux;
    keys;
    mails;
    clock;
    logger = new Logger('copies');
    constructor(transactions, copies, access, mediaflux, keys, mails, clock){
        this.transactions = transactions;
        this.copies = copies;
        this.access = access;
        this.mediaflux = mediaflux;
        this.keys = keys;
        this.mails = mails;
        this.clock = clock;
    }
    async process({ copyId }, signal) {
        const { pool } = this.transactions;
        const copy = await this.copies.claim(pool, copyId);
        if (!copy?.sealed_credential) return;
        const delivery = await findDelivery(pool, copy.delivery_id);
        if (!delivery) return;
        const renewing = setInterval(()=>{
            this.copies.renew(pool, copyId).catch((error)=>{
                this.logger.warn({
                    copyId,
                    err: error
                }, 'The lease on a copy was not renewed; another worker may go on with it.');
            });
        }, RENEW_EVERY_MS);
        const session = this.mediaflux.userSession({
            token: this.keys.unseal(copy.sealed_credential, `copy:${copyId}`)
        });
        try {
            await this.copyAll(copy, delivery, session, signal);
            await this.destroyToken(copy, session);
            await this.end(copy, delivery, 'completed', null);
        } catch (error) {
            const reason = reasonOf(error);
            if (reason === undefined) throw error;
            await this.destroyToken(copy, session);
            await this.end(copy, delivery, 'failed', reason);
        } finally{
            clearInterval(renewing);
            await this.copies.release(pool, copyId);
            await session.close().catch((error)=>{
                if (!isMediafluxError(error)) throw error;
            });
        }
    }
    async copyAll(copy, delivery, session, signal) {
        let files = 0;
        let bytes = 0;
        await session.createNamespace(copy.destination);
        const made = new Set([
            copy.destination
        ]);
        for (const folder of (await this.emptyFolders(delivery)))await this.makeFolder(session, made, `${copy.destination}/${folder}`);
        for await (const file of this.mediaflux.listFolder(delivery.dataNamespace, signal)){
            signal.throwIfAborted();
            await this.mustBeAlive(delivery.id);
            const target = `${copy.destination}/${file.path}`;
            await this.makeFolder(session, made, target.slice(0, target.lastIndexOf('/')));
            await this.copyFile(file, target, session, signal);
            files += 1;
            bytes += file.size ?? 0;
            await this.copies.progress(this.transactions.pool, copy.id, files, bytes, this.clock.now());
        }
        if (files !== delivery.files || bytes !== delivery.bytes) {
            throw new CopyRefused(sentence('copyTrouble.changed', {
                files,
                bytes,
                ofFiles: delivery.files,
                ofBytes: delivery.bytes
            }));
        }
    }
    async copyFile(file, target, session, signal) {
        const size = file.size ?? 0;
        const held = await session.stat(target);
        if (held) {
            if ((held.size ?? 0) === size && (held.crc32 === file.crc32 || size === 0)) return;
            throw new CopyRefused(sentence('copyTrouble.differs', {
                path: target
            }));
        }
        const { mediaflux } = this;
        const open = async function*() {
            if (size === 0) return;
            yield* await mediaflux.openContent(file, signal);
        };
        const written = await session.write(target, {
            name: target.slice(target.lastIndexOf('/') + 1),
            size,
            open
        }, signal);
        if ((written.size ?? 0) !== size || size > 0 && written.crc32 !== file.crc32) {
            throw new CopyRefused(sentence('copyTrouble.notWhole', {
                path: target
            }));
        }
    }
    async makeFolder(session, made, namespace) {
        if (made.has(namespace)) return;
        await session.createNamespace(namespace);
        made.add(namespace);
    }
    async emptyFolders(delivery) {
        const found = await rows(this.transactions.pool, `select path from manifest_entry where manifest_id = $1 and type = 'directory' order by path`, [
            delivery.manifestId
        ]);
        return found.map((folder)=>folder.path);
    }
    /** A copy that began before expiry may finish; a revocation stops it at the next file. */ async mustBeAlive(deliveryId) {
        const delivery = await findDelivery(this.transactions.pool, deliveryId);
        if (!delivery || delivery.revokedAt || delivery.goneAt) throw new CopyRefused(sentence('copyTrouble.ended'));
        if (delivery.expiresAt && this.clock.now().getTime() > delivery.expiresAt.getTime() + TRANSFER_GRACE_MS) {
            throw new CopyRefused(sentence('copyTrouble.expired'));
        }
    }
    /** The token that was made for this copy; one that the user gave stays theirs. */ async destroyToken(copy, session) {
        if (copy.credential_id === null || copy.credential_id === '') return;
        await session.destroyOwnToken(copy.credential_id).catch((error)=>{
            if (!isMediafluxError(error)) throw error;
            this.logger.warn({
                copyId: copy.id,
                kind: error.kind
            }, "A copy's token could not be destroyed; it ends by itself within a week.");
        });
    }
    async end(copy, delivery, state, reason) {
        const now = this.clock.now();
        const told = reason && {
            english: wordsFor('en').tell(reason),
            sentence: reason
        };
        await this.transactions.run(async (tx)=>{
            if (!await this.copies.end(tx, copy.id, state, told, now)) return;
            await this.access.record(tx, delivery, {
                method: 'copy',
                phase: state,
                counts: isCounting('copy', state, true, true),
                at: now,
                details: {
                    copyId: copy.id
                }
            });
        });
        await this.mails.kick();
    }
}
CopyContentProcessor = _ts_decorate([
    Injectable(),
    Processes(copyContent),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(CopiesStore)),
    _ts_param(2, Inject(AccessStore)),
    _ts_param(3, Inject(MediafluxGateway)),
    _ts_param(4, Inject(SecretKeys)),
    _ts_param(5, Inject(MailDispatcher)),
    _ts_param(6, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof CopiesStore === "undefined" ? Object : CopiesStore,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof MediafluxGateway === "undefined" ? Object : MediafluxGateway,
        typeof SecretKeys === "undefined" ? Object : SecretKeys,
        typeof MailDispatcher === "undefined" ? Object : MailDispatcher,
        typeof Clock === "undefined" ? Object : Clock
    ])
], CopyContentProcessor);
/** Why a copy cannot go on; undefined for what passes by itself, so that the job is tried again. */ function reasonOf(error) {
    if (error instanceof CopyRefused) return error.sentence;
    if (!isMediafluxError(error)) return undefined;
    switch(error.kind){
        case 'not-authenticated':
        case 'session-expired':
            return sentence('copyTrouble.loggedOff');
        case 'not-permitted':
        case 'not-found':
            return sentence('copyTrouble.notPermitted');
        case 'store-full':
            return sentence('copyTrouble.quota');
        case 'invalid-arguments':
            return sentence('copyTrouble.name');
        default:
            return undefined;
    }
}

//# sourceMappingURL=copy-content.processor.js.map
