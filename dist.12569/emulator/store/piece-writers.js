// Writing pieces of a content into the file of its IO job. Pieces may come at the same time, and one whose sender has
// given up may still be on its way when the job is finished: from then on nothing is written any more.
import { open } from 'node:fs/promises';
import { CHUNK_BYTES, crc32, Pending } from './pending-writes.js';
export class PieceWriters {
    byFile = new Map();
    shutFiles = new Set();
    open(path, file, offset, crcBefore) {
        const sink = new PieceSink(path, file, offset, crcBefore, this.isShut(file), ()=>this.ended(file, sink));
        const others = this.byFile.get(file);
        if (others) others.add(sink);
        else this.byFile.set(file, new Set([
            sink
        ]));
        return sink;
    }
    /** Is a piece of the file arriving? */ isBusy(file) {
        return this.byFile.has(file);
    }
    /** Has the file been shut? Pieces of it that arrive are not written. */ isShut(file) {
        return this.shutFiles.has(file);
    }
    /** Whatever arrives from now on is written no more; what is being written has been when it answers. */ async shut(file) {
        this.shutFiles.add(file);
        await Promise.all([
            ...this.byFile.get(file) ?? []
        ].map((sink)=>sink.shut()));
    }
    /** Takes pieces again, after all. */ reopen(file) {
        this.shutFiles.delete(file);
    }
    ended(file, sink) {
        const sinks = this.byFile.get(file);
        sinks?.delete(sink);
        if (sinks?.size === 0) this.byFile.delete(file);
    }
}
let PieceSink = class PieceSink {
    path;
    file;
    offset;
    crc;
    isShut;
    onEnd;
    pending = new Pending();
    handle;
    underWay;
    size = 0;
    written = 0;
    constructor(path, file, offset, crc, isShut, onEnd){
        this.path = path;
        this.file = file;
        this.offset = offset;
        this.crc = crc;
        this.isShut = isShut;
        this.onEnd = onEnd;
    }
    write(part) {
        this.crc = crc32(part, this.crc);
        this.size += part.length;
        return this.pending.add(part) >= CHUNK_BYTES ? this.flush() : undefined;
    }
    async finish() {
        try {
            await this.flush();
        } finally{
            await this.end();
        }
        return {
            file: this.file,
            size: this.size,
            crc: this.crc >>> 0,
            isPiece: true
        };
    }
    /** What was written stays: the next piece at this place overwrites it. */ discard() {
        return this.end();
    }
    async shut() {
        this.isShut = true;
        await this.underWay?.catch(()=>undefined);
    }
    async end() {
        this.onEnd();
        await this.handle?.close();
        this.handle = undefined;
    }
    flush() {
        return this.underWay = this.writePending();
    }
    async writePending() {
        this.handle ??= await open(this.path, 'r+');
        if (this.isShut) this.pending.take();
        else this.written += await this.pending.writeTo(this.handle, this.offset + this.written);
    }
};

//# sourceMappingURL=piece-writers.js.map
