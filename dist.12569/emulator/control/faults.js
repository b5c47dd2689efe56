// Faults to try clients with, and a log of the calls received. Nothing happens here unless a fault was set.
import { ServiceFault } from '../faults.js';
import { plain } from '../http/plain.js';
const LONGEST_LOG = 10_000;
export class Faults {
    now;
    faults = [];
    log = [];
    held = [];
    pending = new WeakMap();
    constructor(now){
        this.now = now;
    }
    set(fault) {
        this.faults.push({
            ...fault
        });
    }
    /** Ends all faults, and lets what they hold go on. */ clear() {
        this.faults = [];
        for (const release of this.held.splice(0))release();
    }
    calls() {
        return this.log;
    }
    forgetCalls() {
        this.log = [];
    }
    /** False when the request has been dealt with. */ async onRequest(request, response, path) {
        const call = {
            at: this.now(),
            method: request.method ?? '',
            path,
            service: null,
            inner: []
        };
        this.log.push(call);
        if (this.log.length > LONGEST_LOG) this.log.splice(0, LONGEST_LOG / 10);
        this.pending.set(response, call);
        const action = this.take((fault)=>fault.service === undefined && (fault.path ?? path) === path);
        return action ? this.apply(action, response) : true;
    }
    /** @throws ServiceFault, or Interrupted when the answer has been given */ async onCall(response, service, inner) {
        const call = this.pending.get(response);
        if (call) Object.assign(call, {
            service,
            inner
        });
        const names = new Set([
            service,
            ...inner
        ]);
        const action = this.take((fault)=>fault.service !== undefined && names.has(fault.service));
        if (!action) return;
        if ('error' in action) {
            throw new ServiceFault(`call to service '${service}' failed: ${action.error}`, {
                className: action.errorClass ?? 'arc.mf.server.Services$ExServiceError',
                superclasses: [
                    'java.lang.Throwable'
                ]
            });
        }
        if (!await this.apply(action, response)) throw new Interrupted();
    }
    take(meets) {
        for (const fault of this.faults){
            if (!meets(fault) || fault.times === 0) continue;
            if (fault.after !== undefined && fault.after > 0) {
                fault.after -= 1;
                continue;
            }
            if (fault.times !== undefined) fault.times -= 1;
            return fault.action;
        }
        return undefined;
    }
    async apply(action, response) {
        if ('delayMs' in action) {
            await new Promise((resolve)=>setTimeout(resolve, action.delayMs).unref());
            return true;
        }
        if ('hold' in action) {
            await new Promise((resolve)=>this.held.push(resolve));
            return true;
        }
        if ('cutAfterBytes' in action) {
            cutAfter(response, action.cutAfterBytes);
            return true;
        }
        if ('status' in action) plain(response, action.status, 'A fault that was asked for.');
        else response.destroy();
        return false;
    }
}
/** The call has been answered, or its connection closed, by a fault. */ export class Interrupted extends Error {
}
/** An answer whose body is shorter ends as it would have. */ function cutAfter(response, bytes) {
    let left = bytes;
    let isCut = false;
    const write = response.write.bind(response);
    const end = response.end.bind(response);
    const pass = (chunk)=>{
        if (isCut || typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return false;
        const part = Buffer.from(chunk);
        if (part.length < left) {
            left -= part.length;
            return write(part);
        }
        isCut = true;
        // Only what has left for the network survives the end of the connection.
        write(part.subarray(0, left), ()=>response.destroy());
        return false;
    };
    Object.assign(response, {
        write: pass,
        end: (chunk)=>{
            pass(chunk);
            return isCut ? response : end();
        }
    });
}

//# sourceMappingURL=faults.js.map
