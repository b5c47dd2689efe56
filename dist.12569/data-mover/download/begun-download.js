// A download as the server knows it, and what is remembered of one that is not done, outside the user's folder: with its
// id it can go on for a while after the link has expired, when neither the files nor a new download can be asked for.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failures.js';
import { readJson, writeWhole } from '../journal/durable.js';
import { inNotes } from '../journal/home.js';
export class BegunDownload {
    client;
    base;
    file;
    /**
   * @param base address of the link in the API
   * @param folder the transfer's own
   */ constructor(client, base, folder){
        this.client = client;
        this.base = base;
        this.file = join(folder, 'download.json');
    }
    /** What an earlier run began and did not end. */ get note() {
        const found = inNotes(()=>readJson(this.file));
        return found === 'damaged' ? undefined : found?.value;
    }
    /** @throws Failure the link is no longer valid, and nothing that was begun may go on */ async offer() {
        try {
            return {
                share: await this.client.call('GET', this.base)
            };
        } catch (error) {
            const { note } = this;
            const running = note && isOfLink(error) ? await this.running(note.id) : undefined;
            if (!note || !running) throw error;
            return {
                share: {
                    folder: note.folder,
                    files: note.files
                },
                goesOn: running.mediaflux
            };
        }
    }
    /** Goes on with what an earlier run began, where that may be, or begins anew. */ async begin({ share, goesOn }, own) {
        const { note } = this;
        if (note && goesOn) return {
            id: note.id,
            mediaflux: goesOn
        };
        const known = note && !note.isFailed ? await this.running(note.id) : undefined;
        const begun = known ?? await this.client.call('POST', `${this.base}/downloads`);
        this.keep({
            id: begun.id,
            folder: share.folder,
            files: share.files,
            ...own
        });
        return begun;
    }
    failed() {
        const { note } = this;
        if (note) this.keep({
            ...note,
            isFailed: true
        });
    }
    completed() {
        inNotes(()=>rmSync(this.file, {
                force: true
            }));
    }
    /** Undefined: the server does not let it go on. */ async running(id) {
        try {
            const address = `${this.base}/downloads/${id}/credential`;
            return {
                id,
                mediaflux: (await this.client.call('POST', address)).mediaflux
            };
        } catch (error) {
            if (!isOfLink(error)) throw error;
            return undefined;
        }
    }
    keep(note) {
        inNotes(()=>writeWhole(this.file, JSON.stringify(note)));
    }
}
const isOfLink = (error)=>error instanceof Failure && error.exitCode === 3;

//# sourceMappingURL=begun-download.js.map
