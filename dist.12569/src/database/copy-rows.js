// Rows in the binary form of COPY, which PostgreSQL takes in half the time of the text form.
// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
const USUAL_BYTES = 256 * 1024;
/** 11 bytes of signature, no flags, no extension. */ const HEAD = Buffer.concat([
    Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'),
    Buffer.alloc(8)
]);
const END = Buffer.from([
    0xff,
    0xff
]);
const TWO_TO_32 = 0x1_0000_0000;
/** PostgreSQL counts from here, in microseconds. */ const YEAR_2000_MS = Date.UTC(2000, 0, 1);
/** Fields are written in the order of the columns; `take` gives what has been written since the last time. */ export class CopyRows {
    size;
    buffer;
    at = 0;
    /** Given away up to here. */ taken = 0;
    hasBegun = false;
    /** @param size of the buffers that rows are written into; a longer row gets a longer one */ constructor(size = USUAL_BYTES){
        this.size = size;
        this.buffer = Buffer.allocUnsafe(size);
    }
    row(fields) {
        this.room(2);
        this.buffer[this.at++] = fields >>> 8;
        this.buffer[this.at++] = fields;
    }
    null() {
        this.room(4);
        this.number(-1);
    }
    text(value) {
        this.room(4 + value.length * 3);
        const bytes = this.buffer.write(value, this.at + 4, 'utf8');
        this.number(bytes);
        this.at += bytes;
    }
    /** Bytes of a fixed form, such as a uuid's, or of a text in UTF-8; a part of them where `begin` and `end` are told. */ bytes(value, begin = 0, end = value.length) {
        this.room(4 + end - begin);
        this.number(end - begin);
        // Most are short, and a call that copies them costs more.
        for(let from = begin; from < end; from += 1)this.buffer[this.at++] = value[from] ?? 0;
    }
    integer(value) {
        this.room(8);
        this.number(4);
        this.number(value);
    }
    /** A safe integer. */ bigint(value) {
        this.room(12);
        this.number(8);
        this.number(Math.floor(value / TWO_TO_32));
        this.number(value);
    }
    timestamptz(milliseconds) {
        const microseconds = (milliseconds - YEAR_2000_MS) * 1_000;
        if (Number.isSafeInteger(microseconds)) {
            this.bigint(microseconds);
            return;
        }
        this.room(12);
        this.number(8);
        this.at = this.buffer.writeBigInt64BE(BigInt(milliseconds - YEAR_2000_MS) * 1_000n, this.at);
    }
    take() {
        const written = this.buffer.subarray(this.taken, this.at);
        this.taken = this.at;
        if (this.hasBegun) return written;
        this.hasBegun = true;
        return Buffer.concat([
            HEAD,
            written
        ]);
    }
    /** What stands after the last row. */ end() {
        return Buffer.concat([
            this.take(),
            END
        ]);
    }
    /** Its lowest 32 bits. */ number(value) {
        this.buffer[this.at++] = value >>> 24;
        this.buffer[this.at++] = value >>> 16;
        this.buffer[this.at++] = value >>> 8;
        this.buffer[this.at++] = value;
    }
    /** What was given away stays as it is: only what was not is moved to where there is room. */ room(bytes) {
        if (this.at + bytes <= this.buffer.length) return;
        const waiting = this.at - this.taken;
        const fresh = Buffer.allocUnsafe(Math.max(this.size, (waiting + bytes) * 2));
        this.buffer.copy(fresh, 0, this.taken, this.at);
        this.buffer = fresh;
        this.taken = 0;
        this.at = waiting;
    }
}
/** The 16 bytes of a uuid. */ export const uuidBytes = (id)=>Buffer.from(id.replaceAll('-', ''), 'hex');

//# sourceMappingURL=copy-rows.js.map
