// A connection to Mediaflux with a credential that is renewed before it ends. A Mediaflux that is away is waited for.
import { isMediafluxError, textAt, Transport } from '../../src/mediaflux/protocol/index.js';
import { createNamespace, destroyFile, openContent, putFile, queryValues, quoted, readContent, statFile, storedFile, storeOfNamespace, uploadFile, uploadInPieces } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Failure } from '../failures.js';
import { awayOf, permanentTrouble } from './mediaflux-trouble.js';
import { Patience } from '../patience.js';
const READ_BYTES = 1024 * 1024;
/** The server of Mediaflux takes no contents in pieces: it knows nothing of it, or does not let this credential. */ export class NoPieces extends Error {
}
export class MediafluxLink {
    credential;
    options;
    transport;
    patience;
    session;
    renewAt;
    renewing;
    store;
    constructor(credential, options){
        this.credential = credential;
        this.options = options;
        this.transport = new Transport(credential.url, {
            connections: options.connections,
            firstByteTimeoutMs: 300_000,
            readBytes: READ_BYTES
        });
        this.patience = new Patience(options);
        this.session = this.sessionOf(credential);
        this.renewAt = this.renewalOf(credential);
    }
    get namespace() {
        return this.credential.namespace;
    }
    upload(path, content) {
        const { signal } = this.options;
        return this.with((session)=>uploadFile(session, `${this.namespace}/${path}`, content, {
                repeatable: true,
                signal
            }));
    }
    /** The same without asking what arrived. */ put(path, content) {
        const { signal } = this.options;
        return this.with((session)=>putFile(session, `${this.namespace}/${path}`, content, {
                repeatable: true,
                signal
            }));
    }
    /** @param progress of what was acknowledged by now, asked for at each try @throws NoPieces */ async uploadInPieces(path, content, options) {
        this.store ??= this.with((session)=>storeOfNamespace(session, this.namespace));
        const store = await this.store;
        if (store === undefined) throw new NoPieces();
        const { signal } = this.options;
        return this.with((session)=>uploadInPieces(session, `${this.namespace}/${path}`, content, {
                ...options,
                progress: options.progress(),
                store,
                signal,
                repeatable: true
            })).catch((error)=>{
            const isRefused = isMediafluxError(error, 'not-permitted', 'not-found', 'service-error', 'invalid-arguments');
            throw isRefused && error.service?.startsWith('server.io.job.') ? new NoPieces() : error;
        });
    }
    makeFolder(path) {
        return this.with((session)=>createNamespace(session, path === '' ? this.namespace : `${this.namespace}/${path}`));
    }
    destroy(path) {
        return this.with((session)=>destroyFile(session, `${this.namespace}/${path}`));
    }
    stat(path) {
        return this.with((session)=>statFile(session, `${this.namespace}/${path}`));
    }
    /** The content from `offset` on. */ open(file, offset) {
        return this.with((session)=>openContent(session, file, {
                signal: this.options.signal,
                offset
            }));
    }
    /** The content of a small file. */ read(file) {
        return this.with((session)=>readContent(session, file, {
                signal: this.options.signal
            }));
    }
    /** All that Mediaflux holds, by path; a list that is lost in the middle begins again, and `begin` is called anew. */ list(begin) {
        const xpaths = {
            namespace: 'namespace',
            name: 'name',
            size: 'content/size',
            csum: 'content/csum'
        };
        return this.with(async (session)=>{
            const take = begin();
            const where = `namespace>=${quoted(this.namespace)}`;
            for await (const asset of queryValues(session, where, xpaths, this.options.signal)){
                const namespace = textAt(asset, 'namespace') ?? '';
                const name = textAt(asset, 'name') ?? '';
                const path = namespace === this.namespace ? name : `${namespace.slice(this.namespace.length + 1)}/${name}`;
                take(path, storedFile(asset));
            }
        });
    }
    async close() {
        // A credential that has ended has no session left to end.
        await this.session.logoff().catch((error)=>{
            if (!isMediafluxError(error) && !(error instanceof DOMException)) throw error;
        });
        await this.transport.close();
    }
    with(work) {
        return this.patience.until(async ()=>{
            try {
                return {
                    value: await this.withRenewal(work)
                };
            } catch (error) {
                this.options.signal.throwIfAborted();
                const permanent = permanentTrouble(error, this.credential.url);
                if (permanent) throw permanent;
                if (isMediafluxError(error, 'unreachable', 'busy')) return awayOf(error);
                if (isMediafluxError(error, 'store-full')) throw new Failure('Mediaflux has no room left for this platform; tell its staff, and run the same command again when there is.');
                throw error;
            }
        });
    }
    /**
   * One file may take longer than any number of credentials live: whenever one has come to its end, the work goes on with
   * the next. One that is refused before that is replaced once.
   */ async withRenewal(work) {
        if (performance.now() >= this.renewAt) await this.renewOnce(this.session);
        for(let refusedEarly = 0;;){
            const { session, renewAt } = this;
            try {
                return await work(session);
            } catch (error) {
                if (!isMediafluxError(error, 'not-authenticated', 'session-expired')) throw error;
                refusedEarly = performance.now() < renewAt ? refusedEarly + 1 : 0;
                if (refusedEarly > 1) throw error;
                await this.renewOnce(session);
            }
        }
    }
    /** The first of many that find the credential at its end asks for the next; the others wait for it. */ renewOnce(stale) {
        if (this.session !== stale) return Promise.resolve();
        this.renewing ??= this.options.renew().then((credential)=>{
            this.credential = credential;
            this.renewAt = this.renewalOf(credential);
            this.session = this.sessionOf(credential);
        }).finally(()=>{
            this.renewing = undefined;
        });
        return this.renewing;
    }
    /** When the last quarter of its life begins. */ renewalOf(credential) {
        return performance.now() + Math.max(1_000, this.options.millisecondsUntil(credential.expiresAt) * 0.75);
    }
    sessionOf(credential) {
        return new MediafluxSession({
            transport: this.transport,
            credentials: {
                token: credential.token
            }
        });
    }
}

//# sourceMappingURL=mediaflux-link.js.map
