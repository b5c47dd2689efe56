// Writes what arrives from a network, in parts of any size, to a file: gathered to two megabytes, and a few writes under
// way while the next is gathered. Part by part takes two to three times as long, and one write at a time makes the network
// wait for the disk.
import { open } from 'node:fs/promises';
const GATHERED_BYTES = 2 * 1024 * 1024;
const WRITES_AT_ONCE = 3;
/** A kill may leave a hole in so many of a file's last bytes: later writes can be done before earlier ones. */ export const UNSURE_BYTES = WRITES_AT_ONCE * GATHERED_BYTES + 1024 * 1024;
export class FileWriter {
    file;
    position;
    parts = [];
    gathered = 0;
    underWay = [];
    constructor(file, position){
        this.file = file;
        this.position = position;
    }
    /** An empty file at `path`; what was there is gone. */ static async create(path) {
        return new FileWriter(await open(path, 'w'), 0);
    }
    /** The file at `path` with its first `length` bytes; what follows is written next. */ static async open(path, length) {
        if (length === 0) return FileWriter.create(path);
        const file = await open(path, 'r+');
        await file.truncate(length);
        return new FileWriter(file, length);
    }
    /** Takes a part, which must not change afterwards. Waits only while enough is being written. */ write(part) {
        this.parts.push(part);
        this.gathered += part.length;
        return this.gathered >= GATHERED_BYTES ? this.flush() : undefined;
    }
    /** Everything is written when it answers. The file is closed, also when that fails. */ async finish() {
        try {
            await this.flush();
            await Promise.all(this.underWay);
        } finally{
            await this.close();
        }
    }
    /** Closes the file without what was not written yet. */ async close() {
        await Promise.allSettled(this.underWay);
        this.underWay = [];
        await this.file.close();
    }
    async flush() {
        if (this.gathered > 0) {
            const writing = this.writeAll(this.parts, this.gathered, this.position);
            // Told to whoever waits for it; until then it must not end the process.
            writing.catch(()=>undefined);
            this.underWay.push(writing);
            this.position += this.gathered;
            this.parts = [];
            this.gathered = 0;
        }
        if (this.underWay.length > WRITES_AT_ONCE - 1) await this.underWay.shift();
    }
    async writeAll(parts, length, at) {
        const { bytesWritten } = await this.file.writev(parts, at);
        if (bytesWritten === length) return;
        const rest = Buffer.concat(parts).subarray(bytesWritten);
        for(let done = 0; done < rest.length;)done += (await this.file.write(rest, done, rest.length - done, at + bytesWritten + done)).bytesWritten;
    }
}

//# sourceMappingURL=file-writer.js.map
