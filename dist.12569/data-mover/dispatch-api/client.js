// The dispatch server's REST API, as this program uses it. A server that is away is waited for, with the reason shown.
import { Readable } from 'node:stream';
import { request as httpRequest } from 'undici';
import { Failure, noLongerValid, wrongUse } from '../failures.js';
import { Patience } from '../patience.js';
import { retryAfterMs } from '../patience.rules.js';
import { PROGRAM } from '../version.js';
import { connectionTrouble, notOurs } from './trouble.js';
export class DispatchClient {
    options;
    /** How far this computer's clock is ahead of the server's, as its last answer told; the network's time is in it. */ clockAheadMs = 0;
    patience;
    constructor(options){
        this.options = options;
        this.patience = new Patience(options);
    }
    /** The answer's JSON. @throws Failure what the server said, with the exit code that fits */ call(method, path, body, headers = {}) {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const type = text === undefined ? {} : {
            'content-type': 'application/json'
        };
        return this.patience.until(()=>this.once(method, path, text ?? null, {
                ...type,
                ...headers
            }));
    }
    /** For what is good to know and not worth a wait: a server that is away is not waited for. @throws Failure, StillAway */ async tell(path, body) {
        const type = {
            'content-type': 'application/json'
        };
        await this.patience.until(()=>this.once('POST', path, JSON.stringify(body), type), 0);
    }
    /** @throws Failure what the server said; StillAway */ openTrial(client) {
        return this.call('POST', '/api/v1/shareable/trial', {
            client
        });
    }
    /** @throws Failure, StillAway: the server takes away what is left by itself */ async endTrial(id) {
        await this.call('DELETE', `/api/v1/shareable/trial/${id}`);
    }
    /** Sends lines as a stream, afresh at each try. @throws what the source of the lines threw */ async sendLines(path, parts) {
        const type = {
            'content-type': 'application/x-ndjson'
        };
        await this.patience.until(async ()=>{
            const source = new WatchedSource(parts());
            try {
                return await this.once('PUT', path, Readable.from(source, {
                    objectMode: false
                }), type);
            } catch (error) {
                throw source.fault ? source.fault.error : error;
            }
        });
    }
    /** Milliseconds from now until an instant that the server told, whatever this computer's clock shows. */ millisecondsUntil(instant) {
        return Date.parse(instant) - (Date.now() - this.clockAheadMs);
    }
    async once(method, path, body, headers) {
        const { server, token, signal } = this.options;
        let reply;
        let text;
        try {
            reply = await httpRequest(`${server}${path}`, {
                method: method,
                headers: {
                    accept: 'application/json',
                    // The server warns of a clock that is off.
                    date: new Date().toUTCString(),
                    'user-agent': PROGRAM,
                    ...token === undefined ? {} : {
                        authorization: `Bearer ${token}`
                    },
                    ...headers
                },
                body,
                signal
            });
            text = await reply.body.text();
        } catch (error) {
            signal.throwIfAborted();
            const trouble = error instanceof Failure ? error : connectionTrouble(error, server);
            if (trouble === undefined || trouble instanceof Failure) throw trouble ?? error;
            return trouble;
        }
        const at = Date.parse(String(reply.headers['date']));
        if (!Number.isNaN(at)) this.clockAheadMs = Date.now() - at;
        const status = reply.statusCode;
        if (status < 300) return {
            value: text === '' ? undefined : jsonOf(text, server, reply.headers['content-type'])
        };
        if (status < 400) throw movedTo(server, status, reply.headers['location']);
        const problem = problemOf(text);
        if (status >= 500 || status === 429 || status === 408) return {
            away: problem.detail ?? `The server ${server} answered ${status}.`,
            status,
            retryAfterMs: retryAfterMs(reply.headers['retry-after'], reply.headers['date'], Date.now())
        };
        throw failureOf(status, problem, path);
    }
}
/** Lines on their way; a fault of their source, as of a disk, is none of the server's. */ let WatchedSource = class WatchedSource {
    parts;
    fault;
    constructor(parts){
        this.parts = parts;
    }
    *[Symbol.iterator]() {
        try {
            yield* this.parts;
        } catch (error) {
            this.fault = {
                error
            };
            throw error;
        }
    }
};
function jsonOf(text, server, type) {
    try {
        return JSON.parse(text);
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        const [shortType = 'no type'] = String(type ?? 'no type').split(';');
        throw notOurs(server, `with ${shortType}`);
    }
}
/** Only the beginning of the address is told: a link in it would be a secret. */ function movedTo(server, status, location) {
    const place = String(location ?? '');
    const origin = URL.canParse(place, server) ? new URL(place, server).origin : undefined;
    if (origin === undefined || origin === new URL(server).origin) return notOurs(server, `with a redirection (${status})`);
    return wrongUse(`The server at ${server} sends everybody on to ${origin} (${status}). Use that address: a new settings.xml or link has it.`);
}
function problemOf(text) {
    try {
        const found = JSON.parse(text);
        return typeof found === 'object' && found !== null ? found : {};
    } catch (error) {
        if (error instanceof SyntaxError) return {};
        throw error;
    }
}
function failureOf(status, problem, path) {
    const { detail = `The server answered ${status}.`, errors = [] } = problem;
    // Some details name the faults already.
    const faults = errors.filter(({ message })=>!detail.includes(message));
    const whole = [
        detail,
        ...faults.map((fault)=>`${fault.path} ${fault.message}`)
    ].join(' ');
    if (status === 401) return noLongerValid(problem.detail ?? 'The token is no longer valid here; ask the administrators for a new settings.xml.');
    if (status === 410 || status === 404 && path.startsWith('/api/v1/shares/')) return noLongerValid(whole);
    return new Failure(whole, status === 422 ? 2 : 1, undefined, status);
}

//# sourceMappingURL=client.js.map
