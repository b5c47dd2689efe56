// Rows that PostgreSQL sends in the binary form of COPY, read from their bytes as they come; the counterpart of
// `CopyRows`. https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
/** Signature, flags and the length of an extension, which is none. */ const HEAD_BYTES = 19;
const TWO_TO_32 = 0x1_0000_0000;
const YEAR_2000_MS = Date.UTC(2000, 0, 1);
/** One row at a time: `add` what came, then call `next` until it answers false. */ export class CopiedRows {
    /** In which the fields of the current row lie. */ bytes = Buffer.alloc(0);
    begins;
    /** -1: null. */ lengths;
    at = 0;
    hasHead = false;
    constructor(fields){
        this.begins = new Int32Array(fields);
        this.lengths = new Int32Array(fields);
    }
    add(part) {
        const left = this.bytes.subarray(this.at);
        this.bytes = left.length === 0 ? part : Buffer.concat([
            left,
            part
        ]);
        this.at = 0;
        if (this.hasHead || this.bytes.length < HEAD_BYTES) return;
        this.hasHead = true;
        this.at = HEAD_BYTES;
    }
    /** False: no further row is whole, or all have been. */ next() {
        const { bytes } = this;
        let at = this.at + 2;
        if (!this.hasHead || at > bytes.length) return false;
        // Behind the last row stands -1 in place of the number of fields.
        if ((bytes[this.at] ?? 0) >= 0x80) return false;
        for(let field = 0; field < this.begins.length; field += 1){
            if (at + 4 > bytes.length) return false;
            const length = numberAt(bytes, at);
            at += 4;
            this.begins[field] = at;
            this.lengths[field] = length;
            if (length > 0) at += length;
        }
        if (at > bytes.length) return false;
        this.at = at;
        return true;
    }
    isNull(field) {
        return this.lengths[field] === -1;
    }
    begin(field) {
        return this.begins[field] ?? 0;
    }
    end(field) {
        return this.begin(field) + (this.lengths[field] ?? 0);
    }
    /** A bigint of the database that is a safe integer. */ bigint(field) {
        const at = this.begin(field);
        return numberAt(this.bytes, at) * TWO_TO_32 + (numberAt(this.bytes, at + 4) >>> 0);
    }
    /** A timestamptz, as milliseconds since 1970, cut to whole ones. */ milliseconds(field) {
        const microseconds = this.bigint(field);
        return Number.isSafeInteger(microseconds) ? Math.floor(microseconds / 1_000) + YEAR_2000_MS : Number(this.bytes.readBigInt64BE(this.begin(field)) / 1_000n) + YEAR_2000_MS;
    }
}
const numberAt = (bytes, at)=>(bytes[at] ?? 0) << 24 | (bytes[at + 1] ?? 0) << 16 | (bytes[at + 2] ?? 0) << 8 | (bytes[at + 3] ?? 0);

//# sourceMappingURL=copied-rows.js.map
