// What a person, or with `--json` a program, is told while a transfer runs. Standard output holds the events, or the
// summary at the end; all else goes to standard error.
import { Bar } from './bar.js';
import { write } from './output.js';
import { duration, shown, size } from './units.js';
const PROGRESS_EVERY_MS = 1_000;
const LINE_EVERY_MS = 5_000;
const PAINT_EVERY_MS = 150;
export class Reporter {
    style;
    log;
    /** Of the log that was closed last. */ logPlace;
    files = 0;
    leftOutEntries = 0;
    bytes = 0;
    ofFiles = 0;
    ofBytes = 0;
    /** What this run has moved. */ movedBytes = 0;
    startedAt = performance.now();
    lastProgressAt = 0;
    inFlight = new Map();
    bar;
    constructor(style){
        this.style = style;
        if (style === 'bar') this.bar = new Bar({
            write: (text)=>write('stderr', text),
            columns: ()=>process.stderr.columns
        });
    }
    start(event) {
        this.files = 0;
        this.bytes = 0;
        this.movedBytes = 0;
        this.ofFiles = event.files;
        this.ofBytes = event.bytes;
        this.startedAt = performance.now();
        const text = `${event.files} files, ${size(event.bytes)}${event.folder === undefined ? '' : `, ${event.folder}`}`;
        this.log?.write(`start: ${text}`);
        if (this.style === 'json') this.event({
            event: 'start',
            ...event
        });
        else if (this.style !== 'quiet') this.say(text);
    }
    /** A file is about to move. */ begins(path, ofBytes) {
        this.inFlight.set(path, {
            path,
            bytes: 0,
            ofBytes
        });
    }
    /** Bytes of it have moved. */ moved(path, bytes) {
        this.movedBytes += bytes;
        const file = this.inFlight.get(path);
        if (file) file.bytes += bytes;
        this.progress();
    }
    /** It ended. @param bytes sent or received for it @param wholeBytes its size */ file(path, bytes, skipped, wholeBytes) {
        this.files += 1;
        this.bytes += wholeBytes;
        this.inFlight.delete(path);
        if (this.style === 'json') this.event({
            event: 'file',
            path,
            bytes,
            skipped
        });
        this.progress();
    }
    failed(path) {
        this.inFlight.delete(path);
    }
    verifying() {
        this.bar?.clear();
        this.log?.write('all sent; the server compares');
        if (this.style === 'plain' || this.style === 'bar') this.say('Everything is sent; the server compares …');
    }
    note(message, path) {
        const text = path === undefined ? message : `${shown(path)}: ${message}`;
        this.log?.write(`note: ${text}`);
        if (this.style !== 'quiet') this.say(text);
    }
    /** Why it waits, and when it goes on: in every style, since nothing else shows that it is alive. */ waits(message, path) {
        const text = path === undefined ? message : `${shown(path)}: ${message}`;
        this.log?.write(`note: ${text}`);
        this.say(text);
    }
    /** Where to read what happened, for the person whose transfer failed. */ tellOfLog() {
        if (this.logPlace !== undefined && this.style !== 'json') this.say(`Its log: ${this.logPlace}`);
    }
    /** Looks anew at what there is to move. */ looks() {
        this.leftOutEntries = 0;
    }
    /** It does not go with the others, and why: what nobody is told of, nobody misses in time. */ leftOut(why, path) {
        this.leftOutEntries += 1;
        const text = `${shown(path)}: left out: ${why}`;
        this.log?.write(`note: ${text}`);
        this.say(text);
    }
    /** @param logged what the log holds of the summary, which may name people */ done(event, summary, logged) {
        this.bar?.clear();
        const { leftOutEntries: leftOut } = this;
        const named = leftOut === 0 ? '' : `\n  left out    ${leftOut} ${leftOut === 1 ? 'entry' : 'entries'}, named above`;
        this.log?.write(`done: ${logged}, ${event.transferredBytes} bytes moved by this run${leftOut === 0 ? '' : `, ${leftOut} left out`}`);
        if (this.style === 'json') this.event({
            event: 'done',
            ...event,
            ...leftOut === 0 ? {} : {
                leftOut
            }
        });
        else write('stdout', `${summary}${named}${this.log ? `\n  log         ${this.log.place}` : ''}\n`);
    }
    error(message, path) {
        this.bar?.clear();
        const text = path === undefined ? message : `${shown(path)}: ${message}`;
        this.log?.write(`error: ${text}`);
        if (this.style === 'json') this.event({
            event: 'error',
            message,
            ...path === undefined ? {} : {
                path
            }
        });
        else write('stderr', `${text}\n`);
    }
    closeLog() {
        this.logPlace = this.log?.place;
        this.log?.close();
        this.log = undefined;
    }
    progress() {
        const now = performance.now();
        const every = this.style === 'bar' ? PAINT_EVERY_MS : this.style === 'json' ? PROGRESS_EVERY_MS : LINE_EVERY_MS;
        if (this.style === 'quiet' || now - this.lastProgressAt < every) return;
        this.lastProgressAt = now;
        const { files, ofFiles, ofBytes } = this;
        let { bytes } = this;
        for (const file of this.inFlight.values())bytes += Math.min(file.bytes, file.ofBytes);
        const rate = this.movedBytes / Math.max((now - this.startedAt) / 1000, 0.001);
        if (this.style === 'json') this.event({
            event: 'progress',
            files,
            bytes,
            ofFiles,
            ofBytes
        });
        else if (this.bar) this.bar.paint({
            files,
            ofFiles,
            bytes,
            ofBytes,
            rate,
            inFlight: [
                ...this.inFlight.values()
            ]
        });
        else this.say(`${files} of ${ofFiles} files, ${size(bytes)} of ${size(ofBytes)}, ${size(rate)}/s, about ${duration((ofBytes - bytes) / rate)} left`);
    }
    say(text) {
        this.bar?.clear();
        write('stderr', `${text}\n`);
    }
    event(event) {
        write('stdout', `${JSON.stringify(event)}\n`);
    }
}

//# sourceMappingURL=reporter.js.map
