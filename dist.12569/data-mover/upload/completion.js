// Manifest, completion, verdict; what differs is mended, a few times at most.
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failures.js';
import { gathered } from '../journal/lines.js';
const ROUNDS = 3;
const FIRST_PAUSE_MS = 40;
const LONGEST_PAUSE_MS = 5_000;
export class Completion {
    client;
    sent;
    tree;
    reporter;
    constructor(client, sent, tree, reporter){
        this.client = client;
        this.sent = sent;
        this.tree = tree;
        this.reporter = reporter;
    }
    /** @param sendAgain sends what the journal does not know as sent */ async run(link, uploadId, sendAgain) {
        for(let round = 1;; round += 1){
            await this.client.sendLines(`/api/v1/uploads/${uploadId}/manifest`, ()=>gathered(this.manifest()));
            await this.client.call('POST', `/api/v1/uploads/${uploadId}/complete`);
            this.reporter.verifying();
            const upload = await verdictOf(this.client, uploadId);
            if (upload.state !== 'mismatch') return upload;
            const isLast = round >= ROUNDS;
            let different = 0;
            for await (const { path, problem } of this.mismatches(uploadId)){
                different += 1;
                if (isLast) this.reporter.error(`not as it should be in Mediaflux: ${problem}`, path);
                else await this.mend(link, path, problem);
            }
            if (isLast) throw new Failure(`${different} files differ from what Mediaflux holds; the upload is not complete. Run the same command again; if it stays so, tell the administrators.`);
            await sendAgain();
        }
    }
    async mend(link, path, problem) {
        this.reporter.note(`found by the server: ${problem}`, path);
        if (problem === 'unexpected') await link.destroy(path);
        else this.sent.forget(path);
    }
    async *mismatches(uploadId) {
        for(let cursor = ''; cursor !== null;){
            const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
            const page = await this.client.call('GET', `/api/v1/uploads/${uploadId}/mismatches?limit=1000${query}`);
            yield* page.items;
            cursor = page.nextCursor;
        }
    }
    *manifest() {
        for (const entry of this.tree.list.entries()){
            if ('emptyFolder' in entry) yield JSON.stringify({
                path: `${entry.emptyFolder}/`,
                type: 'directory'
            });
            else {
                const sent = this.sent.latest(entry.path);
                if (!sent) throw new Failure('it was not sent', 1, entry.path);
                yield JSON.stringify({
                    path: sent.path,
                    size: sent.size,
                    crc32: sent.crc32,
                    mtime: timeOf(sent.modifiedMs)
                });
            }
        }
    }
}
/** Waits until the server has compared. */ export async function verdictOf(client, uploadId) {
    const { signal } = client.options;
    for(let pause = FIRST_PAUSE_MS;; pause = Math.min(pause * 1.1, LONGEST_PAUSE_MS)){
        const upload = await client.call('GET', `/api/v1/uploads/${uploadId}`);
        if (upload.state !== 'verifying') return upload;
        await delay(pause, undefined, {
            signal
        });
    }
}
/** Times that a manifest cannot hold are left out; an instrument's clock may show anything. */ function timeOf(milliseconds) {
    const time = new Date(milliseconds);
    const year = Number.isNaN(time.getTime()) ? -1 : time.getUTCFullYear();
    return year >= 0 && year <= 9_999 ? time.toISOString() : null;
}

//# sourceMappingURL=completion.js.map
