// Contents of assets: one file each. What arrives is streamed into a file with its CRC-32 computed on the way; small
// contents are written in one go. A store can be declared full, as a fault to try clients with.
import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES, crc32, Pending } from './pending-writes.js';
import { PieceWriters } from './piece-writers.js';
/** The one store there is. */ export const STORE = 'data';
const SMALL_BYTES = 128 * 1024;
export class Contents {
    folder;
    /** No content is taken while it is set. */ isFull = false;
    pieces = new PieceWriters();
    constructor(folder){
        this.folder = folder;
        mkdirSync(folder, {
            recursive: true,
            mode: 0o700
        });
    }
    sink() {
        const file = randomUUID();
        return new ContentSink(this.path(file), file);
    }
    /** Writes into an existing file from `offset` on; `finish` tells the piece's size and the checksum up to its end. */ pieceSink(file, offset, crcBefore) {
        return this.pieces.open(this.path(file), file, offset, crcBefore);
    }
    read(file, start, end) {
        return createReadStream(this.path(file), {
            highWaterMark: CHUNK_BYTES,
            ...start !== undefined ? {
                start
            } : {},
            ...end !== undefined ? {
                end
            } : {}
        });
    }
    /** The whole of a small content, at once; undefined for one that is to be streamed. */ readSmall(file, size) {
        return size <= SMALL_BYTES ? readFileSync(this.path(file)) : undefined;
    }
    path(file) {
        return join(this.folder, file);
    }
    async create() {
        const file = randomUUID();
        await writeFile(this.path(file), '', {
            mode: 0o600
        });
        return file;
    }
    /** Bytes that are free on the disk, and in all. */ async space() {
        const { bavail, blocks, bsize } = await statfs(this.folder);
        return {
            free: this.isFull ? 0 : bavail * bsize,
            total: blocks * bsize
        };
    }
    async sizeOf(file) {
        return (await stat(this.path(file))).size;
    }
    /** Reads the whole file. */ async checksum(file) {
        let [size, crc] = [
            0,
            0
        ];
        for await (const part of this.read(file)){
            crc = crc32(part, crc);
            size += part.length;
        }
        return {
            size,
            crc: crc >>> 0
        };
    }
    /** Turns one byte round, as a fault to try clients with. The recorded checksum stays what it was. */ async flipByte(file, offset) {
        const handle = await open(this.path(file), 'r+');
        try {
            const byte = Buffer.alloc(1);
            await handle.read(byte, 0, 1, offset);
            byte.writeUInt8(byte.readUInt8(0) ^ 0xff, 0);
            await handle.write(byte, 0, 1, offset);
        } finally{
            await handle.close();
        }
    }
    async remove(file) {
        await rm(this.path(file), {
            force: true
        });
    }
    /** What a kill left without a record that names it. */ async removeAllBut(wanted) {
        for (const file of readdirSync(this.folder))if (!wanted.has(file)) await this.remove(file);
    }
}
let ContentSink = class ContentSink {
    path;
    file;
    pending = new Pending();
    handle;
    size = 0;
    written = 0;
    crc = 0;
    constructor(path, file){
        this.path = path;
        this.file = file;
    }
    write(part) {
        this.crc = crc32(part, this.crc);
        this.size += part.length;
        return this.pending.add(part) >= CHUNK_BYTES ? this.flush() : undefined;
    }
    async finish() {
        if (this.handle) {
            await this.flush();
            await this.handle.close();
        } else writeSmall(this.path, this.pending.take());
        return {
            file: this.file,
            size: this.size,
            crc: this.crc >>> 0
        };
    }
    async discard() {
        await this.handle?.close();
        await rm(this.path, {
            force: true
        });
    }
    async flush() {
        this.handle ??= await open(this.path, 'w', 0o600);
        this.written += await this.pending.writeTo(this.handle, this.written);
    }
};
/** At once: for a small file that costs less than handing the work to another thread. */ function writeSmall(path, parts) {
    const descriptor = openSync(path, 'w', 0o600);
    try {
        const [only] = parts;
        if (only) writeFileSync(descriptor, parts.length === 1 ? only : Buffer.concat(parts));
    } finally{
        closeSync(descriptor);
    }
}

//# sourceMappingURL=contents.js.map
