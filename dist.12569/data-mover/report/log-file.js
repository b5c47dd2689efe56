// A log for each transfer, in its folder: what happened and when. It holds no token and no person's address: what is
// written here is chosen by the caller, and what looks like a token is struck out all the same.
import { closeSync, openSync, writeSync } from 'node:fs';
/** Tokens of this system and of Mediaflux are long runs of letters and digits; paths with such names stay readable. */ const LINK = /\/(s|u|shares)\/[\w-]{16,}/g;
const ADDRESS = /[^\s@<>"',;:]+@[^\s@<>"',;:]+\.[^\s@<>"',;:]+/g;
export class LogFile {
    place;
    now;
    descriptor;
    constructor(place, now = ()=>new Date()){
        this.place = place;
        this.now = now;
        this.descriptor = openSync(place, 'a', 0o600);
    }
    write(message) {
        const clean = message.replace(LINK, '/$1/…').replace(ADDRESS, '…').replaceAll('\n', ' ');
        try {
            writeSync(this.descriptor, `${this.now().toISOString()} ${clean}\n`);
        } catch  {
        // A full disk, say: the transfer is worth more than its log, and says itself what it cannot go on without.
        }
    }
    close() {
        closeSync(this.descriptor);
    }
}

//# sourceMappingURL=log-file.js.map
