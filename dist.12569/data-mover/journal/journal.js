// What a transfer remembers, outside the user's data, so that the same command goes on where it stopped: the uploads of
// these paths, what is to be sent, and for each upload a line for each file that was. Which server an upload is at is not
// judged by addresses, of which a server may have several: the server that knows an upload by its id is the one.
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from './durable.js';
import { folderFor, inNotes } from './home.js';
import { lock } from './lock.js';
import { SentFiles } from './sent-files.js';
export class Journal {
    folder;
    /** What a person should know of what was noted earlier. */ trouble;
    notes = [];
    files;
    /** @param about what makes the transfer this one: its paths and name. @throws Failure its folder cannot be used */ constructor(about){
        this.folder = folderFor([
            'upload',
            ...about
        ]);
        const file = this.file('uploads.json');
        const found = inNotes(()=>readJson(file));
        if (found === 'damaged') {
            inNotes(()=>renameSync(file, `${file}.damaged`));
            this.trouble = `What earlier runs noted of these paths is damaged, and was put aside as ${file}.damaged. If they were uploaded before, or in part, this is another upload.`;
        } else this.notes = found?.value.uploads ?? [];
    }
    /** Answers what unlocks it. @throws Failure another run is at this transfer */ lock() {
        return lock(this.file('lock'), 'this transfer');
    }
    /** Uploads that a server knows; those that were asked for at this address first. */ begun(server) {
        const begun = this.notes.filter((note)=>note.uploadId !== undefined);
        return [
            ...begun.filter((note)=>note.server === server),
            ...begun.filter((note)=>note.server !== server)
        ];
    }
    /** An upload that was asked for at this address, and no answer came. */ unanswered(server) {
        return this.notes.find((note)=>note.uploadId === undefined && note.server === server);
    }
    /** Noted before the call, so that a crash in between leads to the same upload. */ begin(server, request, isAgain) {
        const note = {
            idempotencyKey: randomUUID(),
            server,
            request,
            isAgain
        };
        this.notes.push(note);
        this.save();
        return note;
    }
    /** Another takes its place. */ forget(note) {
        this.notes = this.notes.filter((other)=>other !== note);
        this.save();
        this.removeSentOf(note);
    }
    /** Nothing more is to be sent for it: what it was complete with is all that is kept. */ completed(note, tree) {
        note.completedTree = tree;
        this.save();
        this.removeSentOf(note);
        rmSync(this.file('tree.ndjson'), {
            force: true
        });
    }
    save() {
        inNotes(()=>writeWhole(this.file('uploads.json'), JSON.stringify({
                uploads: this.notes
            })));
    }
    sentOf(note) {
        if (this.files?.of !== note) {
            this.files?.sent.close();
            this.files = {
                of: note,
                sent: new SentFiles(this.sentFileOf(note))
            };
        }
        return this.files.sent;
    }
    close() {
        this.files?.sent.close();
        this.files = undefined;
    }
    file(name) {
        return join(this.folder, name);
    }
    removeSentOf(note) {
        if (this.files?.of === note) this.close();
        rmSync(this.sentFileOf(note), {
            force: true
        });
    }
    sentFileOf(note) {
        return this.file(`sent-${note.idempotencyKey}.ndjson`);
    }
}

//# sourceMappingURL=journal.js.map
