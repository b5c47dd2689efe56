// A download as the server is told of it: begun, progress, completed or failed.
import { Failure } from '../failures.js';
import { StillAway } from '../patience.js';
import { MediafluxLink } from '../transfer/mediaflux-link.js';
const PROGRESS_EVERY_MS = 2_000;
export class ReportedDownload {
    client;
    address;
    reporter;
    files = 0;
    receivedBytes = 0;
    bytes = 0;
    reportedAt = performance.now();
    constructor(client, address, reporter){
        this.client = client;
        this.address = address;
        this.reporter = reporter;
    }
    link(credential, connections) {
        return new MediafluxLink(credential, {
            ...this.client.options,
            connections,
            renew: async ()=>(await this.client.call('POST', `${this.address}/credential`)).mediaflux,
            millisecondsUntil: (instant)=>this.client.millisecondsUntil(instant)
        });
    }
    async fetched(bytes, received) {
        this.files += 1;
        this.bytes += bytes;
        this.receivedBytes += received;
        const now = performance.now();
        if (now - this.reportedAt < PROGRESS_EVERY_MS) return;
        this.reportedAt = now;
        await this.client.call('POST', `${this.address}/progress`, {
            files: this.files,
            bytes: this.bytes
        });
    }
    async completed(how) {
        await this.client.call('POST', `${this.address}/complete`, how);
    }
    async failed(error) {
        const reason = error instanceof Failure ? error.message : 'the transfer was broken off';
        try {
            await this.client.tell(`${this.address}/fail`, {
                reason: reason.slice(0, 500)
            });
        } catch (second) {
            const why = second instanceof StillAway ? second.reason : second instanceof Error ? second.message : String(second);
            this.reporter.note(`The server could not be told of the failure: ${why}`);
        }
    }
}

//# sourceMappingURL=reported-download.js.map
