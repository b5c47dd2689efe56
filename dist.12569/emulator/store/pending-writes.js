// Writing in large parts what arrives in small ones.
import * as zlib from 'node:zlib';
/** `zlib.crc32` came with Node 20.15; the type package for Node 20 does not name it. */ export const crc32 = zlib.crc32;
export const CHUNK_BYTES = 1024 * 1024;
/** Parts that are gathered into large writes. */ export class Pending {
    parts = [];
    bytes = 0;
    /** Answers how many bytes wait. */ add(part) {
        this.parts.push(part);
        return this.bytes += part.length;
    }
    take() {
        const { parts } = this;
        this.parts = [];
        this.bytes = 0;
        return parts;
    }
    /** Writes them all from `position` on. Answers how many bytes it was. */ async writeTo(file, position) {
        let at = position;
        for(let left = this.take(); left.length > 0;){
            const total = left.reduce((sum, part)=>sum + part.length, 0);
            const { bytesWritten } = await file.writev(left, at);
            at += bytesWritten;
            left = bytesWritten === total ? [] : [
                Buffer.concat(left).subarray(bytesWritten)
            ];
        }
        return at - position;
    }
}

//# sourceMappingURL=pending-writes.js.map
