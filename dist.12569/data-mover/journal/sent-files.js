// Which files were sent and confirmed, and how far each large one got: a line for each in the journal, written as soon as
// Mediaflux has acknowledged it, and in memory only what has to be looked up.
import { closeSync, openSync } from 'node:fs';
import { writeAll } from './durable.js';
import { inNotes } from './home.js';
import { linesOf } from './lines.js';
import { PathTable } from './path-table.js';
export class SentFiles {
    file;
    table = new PathTable();
    pieces = new Map();
    descriptor;
    constructor(file){
        this.file = file;
        for (const text of linesOf(file)){
            const line = lineOf(text);
            if (line) this.take(line);
        }
    }
    /** What is known of the file as it is now; a file that changed since was not sent. */ find(file) {
        const sent = this.latest(file.path);
        return sent?.size === file.size && sent.modifiedMs === file.modifiedMs ? sent : undefined;
    }
    /** What Mediaflux acknowledged last of a path. */ latest(path) {
        const entry = this.table.get(path);
        return entry && {
            path,
            size: entry.first,
            modifiedMs: entry.second,
            crc32: entry.word.toString(16).padStart(8, '0')
        };
    }
    piecesOf(file) {
        const pieces = this.pieces.get(file.path);
        return pieces?.size === file.size && pieces.modifiedMs === file.modifiedMs ? pieces : undefined;
    }
    add(line) {
        this.write(line);
        this.take(line);
    }
    /** It must be sent again, whatever the journal says. */ forget(path) {
        const line = {
            path,
            forgotten: true
        };
        this.write(line);
        this.take(line);
    }
    close() {
        if (this.descriptor !== undefined) closeSync(this.descriptor);
        this.descriptor = undefined;
    }
    take(line) {
        if ('forgotten' in line) {
            this.table.delete(line.path);
            this.pieces.delete(line.path);
        } else if ('progress' in line) this.pieces.set(line.path, line);
        else {
            this.table.set(line.path, Number.parseInt(line.crc32, 16), line.size, line.modifiedMs);
            this.pieces.delete(line.path);
        }
    }
    /** What a break left of a line ends here, or it would spoil the next. */ open() {
        const descriptor = openSync(this.file, 'a', 0o600);
        writeAll(descriptor, '\n');
        return descriptor;
    }
    write(line) {
        inNotes(()=>{
            this.descriptor ??= this.open();
            // One write a line: whatever ends the process now, what was acknowledged before is known.
            writeAll(this.descriptor, `${JSON.stringify(line)}\n`);
        });
    }
}
/** Undefined for what a break left in place of a line. */ function lineOf(text) {
    try {
        return JSON.parse(text);
    } catch (error) {
        if (error instanceof SyntaxError) return undefined;
        throw error;
    }
}

//# sourceMappingURL=sent-files.js.map
