// `data-mover watch`: each folder directly in the watched one is a dataset; when it is finished it is uploaded, once.
// One thing is done at a time, so that no look at the folders begins while another, or an upload, is under way.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failures.js';
import { absent, failed, isFinished, isThatDataset, looked, newRecord } from './dataset.rules.js';
import { readInstructions } from './instructions.rules.js';
import { datasetsIn, hasFile, identityOf, lookAt } from './look.js';
import { WatchState } from './watch-state.js';
export const INSTRUCTIONS_FILE = 'recipients.txt';
/** Runs until `signal` stops it. @throws Failure the token is no longer valid, or another watch is at the folder */ export async function watch(options, upload, reporter, signal) {
    const state = new WatchState(options.folder);
    const unlock = await state.lock();
    reporter.note(`Watching ${options.folder}; what is finished is uploaded.`);
    try {
        const damaged = state.putAside();
        if (damaged !== undefined) reporter.error(`what was noted of its datasets is damaged, and was put aside as ${damaged}; each is looked at anew, and what was uploaded before is not uploaded again`, options.folder);
        const watching = new Watching(options, upload, reporter, signal, state);
        while(!signal.aborted){
            await watching.round();
            await delay(options.lookEveryMs, undefined, {
                signal
            });
        }
    } catch (error) {
        if (!signal.aborted) throw error;
    } finally{
        unlock();
    }
    reporter.note('Stopped; what was under way goes on at the next start.');
}
let Watching = class Watching {
    options;
    upload;
    reporter;
    signal;
    state;
    isTroubleTold = false;
    isNotesTroubleTold = false;
    constructor(options, upload, reporter, signal, state){
        this.options = options;
        this.upload = upload;
        this.reporter = reporter;
        this.signal = signal;
        this.state = state;
    }
    async round() {
        let names;
        try {
            names = datasetsIn(this.options.folder);
            this.isTroubleTold = false;
        } catch (error) {
            // A share that is not mounted now is there again later; what is known of its datasets stays.
            if (!this.isTroubleTold) this.reporter.error(`the watched folder cannot be read (${error.code ?? 'unknown'}); it is tried again`, this.options.folder);
            this.isTroubleTold = true;
            return;
        }
        const now = Date.now();
        for (const [name, record] of this.state.datasets)if (!names.includes(name)) this.note(name, absent(record, now));
        for (const name of names){
            try {
                await this.dataset(name);
            } catch (error) {
                // Whatever is wrong with one, the others go on.
                if (this.signal.aborted || endsAll(error)) throw error;
                this.failed(name, this.state.datasets.get(name) ?? newRecord('', Date.now()), error);
            }
        }
    }
    async dataset(name) {
        const { options } = this;
        const now = Date.now();
        const before = this.state.datasets.get(name);
        if (before?.state === 'failed' && now < before.nextTryAt) return;
        const place = join(options.folder, name);
        const identity = identityOf(place);
        if (before?.state === 'uploaded' && before.absentSince === undefined && isThatDataset(before, identity)) return;
        const look = await lookAt(place, this.signal, options.followSymlinks);
        if (before?.state === 'uploaded' && (isThatDataset(before, identity) || before.look === look)) {
            this.note(name, {
                ...before,
                identity,
                absentSince: undefined
            });
            return;
        }
        // Of an uploaded dataset's name, and another.
        const known = before?.state === 'uploaded' ? undefined : before;
        const record = known ? looked(present(known), look, now) : newRecord(look, now);
        this.note(name, record);
        const hasReadyFile = options.readyFile !== undefined && hasFile(place, options.readyFile);
        if (!isFinished(record, hasReadyFile, options, now)) return;
        const instructions = this.instructionsOf(place);
        if ('problem' in instructions) this.wait(name, record, instructions.problem);
        else await this.send(name, {
            ...record,
            identity
        }, place, instructions);
    }
    instructionsOf(place) {
        const said = this.saidIn(join(place, INSTRUCTIONS_FILE));
        if ('problem' in said) return {
            problem: `${INSTRUCTIONS_FILE}: ${said.problem}`
        };
        const recipients = said.recipients.length > 0 ? said.recipients : this.options.to;
        if (recipients.length === 0) return {
            problem: `it is finished, and names nobody: put an address into ${INSTRUCTIONS_FILE}`
        };
        return {
            ...said,
            recipients
        };
    }
    saidIn(file) {
        if (!existsSync(file)) return {
            recipients: [],
            keywords: []
        };
        try {
            return readInstructions(readFileSync(file, 'utf8'));
        } catch (error) {
            const { code = 'unknown' } = error;
            return {
                problem: code === 'EISDIR' ? 'it is a folder and not a file' : `it cannot be read (${code})`
            };
        }
    }
    /** Kept, if the disk lets it: what cannot be kept holds until this program ends, and is told once. */ note(name, record) {
        try {
            this.state.set(name, record);
            this.isNotesTroubleTold = false;
        } catch (error) {
            if (!(error instanceof Failure)) throw error;
            if (!this.isNotesTroubleTold) this.reporter.error(error.message);
            this.isNotesTroubleTold = true;
        }
    }
    failed(name, record, error) {
        const message = error instanceof Error ? error.message : String(error);
        const after = failed(record, message, this.options.retryAfterMs, Date.now());
        this.note(name, after);
        this.reporter.error(`${message} It is tried again at ${new Date(after.nextTryAt).toISOString()}.`, name);
    }
    /** It is finished and cannot go yet; a person has to do something. */ wait(name, record, message) {
        if (record.message !== message) this.reporter.waits(message, name);
        this.note(name, {
            ...record,
            state: 'waiting',
            message
        });
    }
    async send(name, record, place, said) {
        this.note(name, {
            ...record,
            state: 'uploading',
            message: undefined
        });
        this.reporter.note('finished; it is uploaded now', name);
        const { readyFile } = this.options;
        try {
            const upload = await this.upload({
                to: said.recipients,
                keywords: said.keywords,
                name: said.name,
                note: said.note,
                paths: [
                    place
                ],
                leaveOut: [
                    INSTRUCTIONS_FILE,
                    ...readyFile === undefined ? [] : [
                        readyFile
                    ]
                ]
            });
            const { folder } = upload;
            this.note(name, {
                ...record,
                state: 'uploaded',
                message: undefined,
                folder,
                uploadedAt: Date.now()
            });
        } catch (error) {
            if (this.signal.aborted) throw error;
            this.failed(name, record, error);
            if (endsAll(error)) throw error;
        }
    }
};
/** The token is no longer valid. */ const endsAll = (error)=>error instanceof Failure && error.exitCode === 3;
function present(record) {
    return record.absentSince === undefined ? record : {
        ...record,
        absentSince: undefined
    };
}

//# sourceMappingURL=watch.js.map
