// A table of records that survives a kill: every change is appended to a journal before it is acknowledged, and the
// journal is rewritten whole at start. Changes that belong together are one line, or several of which all but the last
// begin with `+`; what has no last line was not acknowledged, and is left out.
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
const CHUNK_BYTES = 4 * 1024 * 1024;
const CHANGES_IN_A_LINE = 10_000;
const GOES_ON = '+';
export class Journal {
    descriptor;
    size;
    constructor(file){
        this.descriptor = openSync(file, 'a', 0o600);
        this.size = fstatSync(this.descriptor).size;
    }
    /** Reads what stands, calls `apply` for each change, and rewrites the journal with what `snapshot` then gives. */ static open(folder, apply, snapshot) {
        const file = join(folder, 'journal.ndjson');
        if (existsSync(file)) {
            let begun = [];
            for (const line of acknowledgedLines(file)){
                const goesOn = line.startsWith(GOES_ON);
                const changes = JSON.parse(goesOn ? line.slice(1) : line);
                if (goesOn) begun.push(...changes);
                else {
                    begun.forEach(apply);
                    changes.forEach(apply);
                    begun = [];
                }
            }
            const rewritten = `${file}.new`;
            rewrite(rewritten, snapshot());
            renameSync(rewritten, file);
        }
        return new Journal(file);
    }
    /** All of the changes or, after a kill or on a full disk, none. */ append(changes) {
        try {
            let added = 0;
            for(let from = 0; from < changes.length; from += CHANGES_IN_A_LINE){
                const isLast = from + CHANGES_IN_A_LINE >= changes.length;
                const line = JSON.stringify(isLast && from === 0 ? changes : changes.slice(from, from + CHANGES_IN_A_LINE));
                added += writeWhole(this.descriptor, `${isLast ? '' : GOES_ON}${line}\n`);
            }
            this.size += added;
        } catch (error) {
            ftruncateSync(this.descriptor, this.size);
            throw error;
        }
    }
    close() {
        closeSync(this.descriptor);
    }
}
/** The lines that have an end, read in parts: a journal may be longer than a string can be. */ function* acknowledgedLines(file) {
    const descriptor = openSync(file, 'r');
    try {
        const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
        const decoder = new StringDecoder('utf8');
        let rest = '';
        for(let got = readSync(descriptor, chunk); got > 0; got = readSync(descriptor, chunk)){
            const lines = (rest + decoder.write(chunk.subarray(0, got))).split('\n');
            rest = lines.pop() ?? '';
            yield* lines;
        }
    } finally{
        closeSync(descriptor);
    }
}
function rewrite(file, changes) {
    const descriptor = openSync(file, 'w', 0o600);
    try {
        let lines = '';
        for (const change of changes){
            lines += `${JSON.stringify([
                change
            ])}\n`;
            if (lines.length < CHUNK_BYTES) continue;
            writeWhole(descriptor, lines);
            lines = '';
        }
        writeWhole(descriptor, lines);
    } finally{
        closeSync(descriptor);
    }
}
/** How many bytes it was. @throws when the disk is full */ function writeWhole(descriptor, text) {
    const bytes = Buffer.from(text);
    for(let at = 0; at < bytes.length;)at += writeSync(descriptor, bytes, at);
    return bytes.length;
}

//# sourceMappingURL=journal.js.map
