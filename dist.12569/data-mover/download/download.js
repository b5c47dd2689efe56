// `data-mover download`: what a link offers into a folder; every file verified, and whole before it has its name.
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import picomatch from 'picomatch';
import { Failure, noLongerValid, wrongUse } from '../failures.js';
import { folderFor, inNotes } from '../journal/home.js';
import { lock } from '../journal/lock.js';
import { LogFile } from '../report/log-file.js';
import { size } from '../report/units.js';
import { windowsTrouble } from '../tree/names.rules.js';
import { inParallel } from '../transfer/in-parallel.js';
import { BegunDownload } from './begun-download.js';
import { DiskTrouble, diskTrouble, Fetching } from './fetch-file.js';
import { Inside } from './inside.js';
import { isEqual, KeptManifest, OWN_FOLDER, placeOf } from './manifest.js';
import { refuseClashes } from './name-clashes.js';
import { ReportedDownload } from './reported-download.js';
import { StoredFiles } from './stored-files.js';
export async function download(options, client, reporter) {
    const target = resolve(options.folder);
    const own = folderFor([
        'download',
        options.token,
        target
    ]);
    const begun = new BegunDownload(client, `/api/v1/shares/${options.token}`, own);
    const offer = await begun.offer();
    const manifest = new KeptManifest(target);
    try {
        mkdirSync(manifest.ownFolder, {
            recursive: true
        });
    } catch (error) {
        const { code = 'unknown' } = error;
        if ([
            'ENOSPC',
            'EDQUOT',
            'EIO'
        ].includes(code)) throw diskTrouble(error, target);
        throw wrongUse(`${target} cannot be used as a folder to download into (${code}).`);
    }
    new Inside(target).check(manifest.ownFolder, manifest.ownFolder);
    const locks = folderFor([
        'download-into',
        realpathSync(target)
    ]);
    const unlock = await lock(join(locks, 'lock'), 'a download into this folder');
    try {
        reporter.log = inNotes(()=>new LogFile(join(own, 'transfer.log')));
        await new DownloadRun(options, client, reporter, target, manifest, begun).run(offer);
    } catch (error) {
        reporter.log?.write(`ended: ${error instanceof Error ? error.message : String(error)}`);
        throw error;
    } finally{
        reporter.closeLog();
        unlock();
    }
}
let DownloadRun = class DownloadRun {
    options;
    client;
    reporter;
    target;
    manifest;
    begun;
    base;
    isWanted;
    folders = new Set();
    inside;
    files = 0;
    bytes = 0;
    ofAllFiles = 0;
    /** So many of the manifest's first lines are of this download. */ ownLines = 0;
    /** By its number among the files: not there yet. */ missing = new Uint8Array(1_024);
    constructor(options, client, reporter, target, manifest, begun){
        this.options = options;
        this.client = client;
        this.reporter = reporter;
        this.target = target;
        this.manifest = manifest;
        this.begun = begun;
        this.base = `/api/v1/shares/${options.token}`;
        this.inside = new Inside(target);
        this.isWanted = options.only.length === 0 ? ()=>true : picomatch(options.only, {
            dot: true
        });
    }
    async run({ share, goesOn }) {
        const manifest = goesOn ? this.keptManifest(share) : await this.freshManifest();
        if (this.files === 0) throw wrongUse(`None of the ${share.files} files fits --only.`);
        refuseClashes(()=>this.lines(), this.manifest.ownFolder, this.reporter);
        this.reporter.start({
            files: this.files,
            bytes: this.bytes,
            folder: share.folder
        });
        const missing = await this.lookAtWhatIsThere();
        const transferredBytes = await this.fetchMissing(missing, await this.begun.begin({
            share,
            goesOn
        }, {
            lines: this.ownLines,
            manifest
        }));
        const { files, bytes } = this;
        const held = `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}`;
        this.reporter.done({
            folder: share.folder,
            files,
            bytes,
            transferredBytes
        }, `Downloaded and verified: ${held}, in ${this.target}`, `downloaded and verified: ${held}`);
    }
    freshManifest() {
        return this.manifest.keep(this.wantedLines(), (message)=>this.reporter.note(message)).catch((error)=>{
            throw diskTrouble(error, `${OWN_FOLDER}/manifest.ndjson`);
        });
    }
    /** The lines of an earlier run: of an expired link the server tells none. */ keptManifest(share) {
        const { note } = this.begun;
        const sum = this.manifest.exists ? this.manifest.sum() : undefined;
        if (!note || sum !== note.manifest) throw noLongerValid('The link has expired, and the list of its files in this folder is not the one that the download was begun with, so that it cannot go on. Ask whoever sent the link for another one.');
        this.ofAllFiles = share.files;
        this.ownLines = note.lines;
        for (const { line } of this.lines())if (line.type === 'file') this.count(line);
        return sum;
    }
    count(line) {
        this.files += 1;
        this.bytes += line.size;
    }
    /** Pages of the server, those that are wanted; counted, and refused where they cannot be written. */ async *wantedLines() {
        let refused = 0;
        for(let cursor = ''; cursor !== null;){
            const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
            const page = await this.client.call('GET', `${this.base}/files?limit=1000${query}`);
            for (const line of page.items){
                if (line.type === 'file') this.ofAllFiles += 1;
                if (!this.isWanted(line.path)) continue;
                placeOf(this.target, line.path);
                const trouble = process.platform === 'win32' ? windowsTrouble(line.path) : undefined;
                if (trouble !== undefined) {
                    refused += 1;
                    this.reporter.error(`${trouble}; fetch it on another system, or leave it out with --only`, line.path);
                }
                if (line.type === 'file') this.count(line);
                this.ownLines += 1;
                yield line;
            }
            cursor = page.nextCursor;
        }
        if (refused > 0) throw new Failure(`Nothing was fetched: ${refused} names cannot be written on this system.`);
    }
    /** Lines of this download; the manifest may hold more, of earlier ones. */ *lines() {
        let number = 0;
        let at = 0;
        for (const line of this.manifest.lines()){
            if (at >= this.ownLines) return;
            at += 1;
            if (!this.isWanted(line.path)) continue;
            yield {
                line,
                number: line.type === 'file' ? number : -1
            };
            if (line.type === 'file') number += 1;
        }
    }
    /** How many are missing. @throws Failure others are there and differ; each is named before */ async lookAtWhatIsThere() {
        this.missing = new Uint8Array(Math.ceil(this.files / 8));
        let missing = 0;
        let different = 0;
        for (const { line, number } of this.lines()){
            this.client.options.signal.throwIfAborted();
            const place = placeOf(this.target, line.path);
            this.inside.check(dirname(place), line.path);
            if (line.type === 'directory') await this.makeFolder(place, line.path);
            else {
                const found = await isEqual(place, line);
                if (found === 'equal') this.reporter.file(line.path, 0, true, line.size);
                else if (found === 'different' && !this.options.overwrite) {
                    this.reporter.error('another file of this name is there; move it, or use --overwrite', line.path);
                    different += 1;
                } else {
                    this.missing[number >> 3] = (this.missing[number >> 3] ?? 0) | 1 << (number & 7);
                    missing += 1;
                }
            }
        }
        if (different > 0) throw new Failure(`${different} files are there already and differ; nothing was fetched.`);
        return missing;
    }
    async fetchMissing(missing, begun) {
        const reported = new ReportedDownload(this.client, `${this.base}/downloads/${begun.id}`, this.reporter);
        const link = reported.link(begun.mediaflux, this.options.parallel);
        try {
            reported.files = this.files - missing;
            let failed = 0;
            if (missing > 0) {
                const held = await StoredFiles.of(link);
                const partialFolder = join(this.manifest.ownFolder, 'partial');
                await this.makeFolder(partialFolder, `${OWN_FOLDER}/partial`);
                const fetching = new Fetching(link, partialFolder, (path, bytes)=>this.reporter.moved(path, bytes));
                await inParallel(this.missingLines(), this.options.parallel, async (line)=>{
                    if (!await this.fetchOne(line, fetching, held, reported)) failed += 1;
                });
                if (failed > 0) throw new Failure(`${failed} of ${this.files} files could not be fetched. Run the same command again to try them anew.`);
                rmSync(partialFolder, {
                    recursive: true,
                    force: true
                });
            }
            await reported.completed(this.files === this.ofAllFiles ? {
                whole: true,
                files: this.files,
                bytes: this.bytes
            } : {
                whole: false,
                paths: [
                    ...this.filePaths()
                ]
            });
            this.begun.completed();
            return reported.receivedBytes;
        } catch (error) {
            // One that was stopped goes on when the command is run again.
            if (!this.client.options.signal.aborted) {
                this.begun.failed();
                await reported.failed(error);
            }
            throw error;
        } finally{
            await link.close();
        }
    }
    async fetchOne(line, fetching, stored, reported) {
        try {
            const held = stored.get(line.path);
            if (!held) throw new Failure('Mediaflux no longer has it; please tell whoever sent the link', 1, line.path);
            const place = placeOf(this.target, line.path);
            await this.makeFolder(dirname(place), line.path);
            this.reporter.begins(line.path, line.size);
            const received = await fetching.fetch(line, place, held);
            this.reporter.file(line.path, received, false, line.size);
            await reported.fetched(line.size, received);
            return true;
        } catch (error) {
            if (!(error instanceof Failure) || error.path === undefined || error instanceof DiskTrouble) throw error;
            this.reporter.failed(line.path);
            this.reporter.error(error.message, error.path);
            return false;
        }
    }
    async makeFolder(folder, path) {
        if (this.folders.has(folder)) return;
        if (this.folders.size > 10_000) this.folders.clear();
        this.inside.check(folder, path);
        await mkdir(folder, {
            recursive: true
        }).catch((error)=>{
            throw diskTrouble(error, path);
        });
        this.folders.add(folder);
    }
    *missingLines() {
        for (const { line, number } of this.lines())if (number >= 0 && ((this.missing[number >> 3] ?? 0) & 1 << (number & 7)) !== 0) yield line;
    }
    *filePaths() {
        for (const { line, number } of this.lines())if (number >= 0) yield line.path;
    }
};

//# sourceMappingURL=download.js.map
