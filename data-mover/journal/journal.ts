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

export interface UploadNote {
  idempotencyKey: string;
  /**
   * What the server was asked, to be asked again exactly so until it answers; it names people, and is forgotten then.
   */
  request?: object;
  /** Address that it was asked at; used for nothing once it has answered. */
  server: string;
  /** Begun with `--again`. */
  isAgain: boolean;
  /** What was uploaded, where it is known again by more than its path. */
  dataset?: string;
  uploadId?: string;
  /** Globs of what was left out; undefined: nothing was. */
  exclude?: readonly string[];
  /** Keywords that the server added of its own accord. */
  addedKeywords?: string[];
  /** Fingerprint of what was sent and the server was told to verify … */
  sentTree?: string;
  /** … and of what it found complete. */
  completedTree?: string;
}

export class Journal {
  readonly folder: string;
  /** What a person should know of what was noted earlier. */
  readonly trouble: string | undefined;
  private notes: UploadNote[] = [];
  private files: { of: UploadNote; sent: SentFiles } | undefined;

  /** @param about what makes the transfer this one: its paths and name. @throws Failure its folder cannot be used */
  constructor(about: readonly string[]) {
    this.folder = folderFor(['upload', ...about]);
    const file = this.file('uploads.json');
    const found = inNotes(() => readJson<{ uploads: UploadNote[] }>(file));
    if (found === 'damaged') {
      inNotes(() => renameSync(file, `${file}.damaged`));
      this.trouble = `What earlier runs noted of these paths is damaged, and was put aside as ${file}.damaged. If they were uploaded before, or in part, this is another upload.`;
    } else this.notes = found?.value.uploads ?? [];
  }

  /** Answers what unlocks it. @throws Failure another run is at this transfer */
  lock(): Promise<() => void> {
    return lock(this.file('lock'), 'this transfer');
  }

  /** Uploads that a server knows; those that were asked for at this address first. */
  begun(server: string): (UploadNote & { uploadId: string })[] {
    const begun = this.notes.filter((note): note is UploadNote & { uploadId: string } => note.uploadId !== undefined);
    return [...begun.filter((note) => note.server === server), ...begun.filter((note) => note.server !== server)];
  }

  /** An upload that was asked for at this address, and no answer came. */
  unanswered(server: string): UploadNote | undefined {
    return this.notes.find((note) => note.uploadId === undefined && note.server === server);
  }

  /** Noted before the call, so that a crash in between leads to the same upload. */
  begin(server: string, request: object, isAgain: boolean, dataset?: string): UploadNote {
    const note = {
      idempotencyKey: randomUUID(),
      server,
      request,
      isAgain,
      ...(dataset === undefined ? {} : { dataset }),
    };
    this.notes.push(note);
    this.save();
    return note;
  }

  /** Another takes its place. */
  forget(note: UploadNote): void {
    this.notes = this.notes.filter((other) => other !== note);
    this.save();
    this.removeSentOf(note);
  }

  /** Nothing more is to be sent for it: what it was complete with is all that is kept. */
  completed(note: UploadNote, tree: string): void {
    note.completedTree = tree;
    this.save();
    this.removeSentOf(note);
    rmSync(this.file('tree.ndjson'), { force: true });
  }

  save(): void {
    inNotes(() => writeWhole(this.file('uploads.json'), JSON.stringify({ uploads: this.notes })));
  }

  sentOf(note: UploadNote): SentFiles {
    if (this.files?.of !== note) {
      this.files?.sent.close();
      this.files = { of: note, sent: new SentFiles(this.sentFileOf(note)) };
    }
    return this.files.sent;
  }

  close(): void {
    this.files?.sent.close();
    this.files = undefined;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  private removeSentOf(note: UploadNote): void {
    if (this.files?.of === note) this.close();
    rmSync(this.sentFileOf(note), { force: true });
  }

  private sentFileOf(note: UploadNote): string {
    return this.file(`sent-${note.idempotencyKey}.ndjson`);
  }
}
