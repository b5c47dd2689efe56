// Sends what the list holds and the journal does not know as sent, some files at a time, in the order of the list.
import { Failure } from '../failures.js';
import { Folders } from '../transfer/folders.js';
import { inParallel } from '../transfer/in-parallel.js';
import { sendFile } from '../transfer/send-file.js';
import { PiecesInHand } from '../transfer/send-in-pieces.js';
/** A Mediaflux that loses contents shows it with the first files already. */ const ASKED_BACK = 16;
export class Sending {
    options;
    sent;
    tree;
    reporter;
    signal;
    /** By this run. */ sentBytes = 0;
    pieces;
    isFirstPass = true;
    /** So many small files arrived as they are: the others are sent without asking, since the server compares all of them. */ arrivedWhole = 0;
    constructor(options, sent, tree, reporter, signal){
        this.options = options;
        this.sent = sent;
        this.tree = tree;
        this.reporter = reporter;
        this.signal = signal;
        this.pieces = new PiecesInHand({
            aboveBytes: options.pieceAboveBytes,
            pieceBytes: options.pieceBytes,
            sent,
            note: (message)=>reporter.note(message),
            onBytes: (file, bytes)=>reporter.moved(file.path, bytes)
        });
    }
    /** All that can be sent is sent; what cannot is named. @throws Failure some could not */ async all(link) {
        const folders = new Folders(link);
        let failed = 0;
        await inParallel(this.missing(), this.options.parallel, async (entry)=>{
            this.signal.throwIfAborted();
            if ('emptyFolder' in entry) return folders.ensure(entry.emptyFolder);
            try {
                await folders.ensureFor(entry.path);
                await this.one(link, entry);
            } catch (error) {
                if (!(error instanceof Failure) || error.path === undefined) throw error;
                failed += 1;
                this.reporter.failed(entry.path);
                this.reporter.error(error.message, error.path);
            }
        });
        if (failed > 0) throw new Failure(`${failed} ${failed === 1 ? 'file' : 'files'} could not be sent; the upload is not complete. Run the same command again to go on.`);
        this.isFirstPass = false;
    }
    async one(link, file) {
        this.reporter.begins(file.path, file.size);
        const { file: sent, sentBytes } = await sendFile(link, file, {
            pieces: this.pieces,
            onBytes: (bytes)=>this.reporter.moved(file.path, bytes),
            // What the server found different is asked about again.
            isAskedBack: !this.isFirstPass || this.arrivedWhole < ASKED_BACK
        });
        this.arrivedWhole += 1;
        this.sent.add(sent);
        if (sent.size !== file.size || sent.modifiedMs !== file.modifiedMs) this.reporter.note('it has changed since the upload began; sent as it is now', file.path);
        this.sentBytes += sentBytes;
        this.reporter.file(file.path, sentBytes, false, sent.size);
    }
    *missing() {
        for (const entry of this.tree.list.entries()){
            if ('emptyFolder' in entry || !this.sent.find(entry)) yield entry;
            else if (this.isFirstPass) this.reporter.file(entry.path, 0, true, entry.size);
        }
    }
}

//# sourceMappingURL=sending.js.map
