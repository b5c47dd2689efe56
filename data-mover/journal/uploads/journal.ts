// What a transfer remembers, outside the user's data, so that the same command goes on where it stopped: the uploads of
// these paths on this computer, what is to be sent, and for each upload a line for each file that was.

import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../durable.js';
import { inNotes } from '../home.js';
import { NotesFolder } from '../notes-folder.js';
import { SentFiles } from '../sent-files.js';
import {
  FILE,
  notesOptionsOf,
  readNotes,
  remarksOn,
  type UploadNote,
  UploadNotes,
  type UploadNotesOptions,
} from './upload-notes.js';

export class Journal extends UploadNotes {
  private files: { of: UploadNote; sent: SentFiles } | undefined;

  /**
   * Of a transfer that is told by its paths and its name, for this run alone.
   * @throws Failure another run is at it, here or elsewhere; its folder cannot be used
   */
  static async open(options: UploadNotesOptions): Promise<Journal> {
    const own = await NotesFolder.open(notesOptionsOf(options));
    try {
      const found = readNotes(own.folder);
      const remarks = remarksOn(own, options);
      return found === 'damaged'
        ? new Journal(own, { notes: [], remarks: [...remarks, putAside(own.folder)] })
        : new Journal(own, { notes: found, remarks });
    } catch (error) {
      own.close();
      throw error;
    }
  }

  private constructor(
    private readonly own: NotesFolder,
    found: { notes: UploadNote[]; remarks: readonly string[] },
  ) {
    super(found);
  }

  /** @throws Failure a person said meanwhile that another computer shall go on with it */
  mustBeOurs(): void {
    this.own.mustBeOurs();
  }

  /** Noted before the call, so that a crash in between leads to the same upload. */
  begin(begun: Pick<UploadNote, 'server' | 'request' | 'isAgain' | 'selection' | 'dataset'>): UploadNote {
    const note = { idempotencyKey: randomUUID(), ...begun };
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

  /** @throws Failure another computer goes on with them by now */
  save(): void {
    this.mustBeOurs();
    inNotes(() => writeWhole(this.file(FILE), JSON.stringify({ uploads: this.notes })));
  }

  sentOf(note: UploadNote): SentFiles {
    if (this.files?.of !== note) {
      this.files?.sent.close();
      this.files = { of: note, sent: new SentFiles(this.sentFileOf(note)) };
    }
    return this.files.sent;
  }

  /** Another run may be at it then. */
  close(): void {
    this.closeFiles();
    this.own.close();
  }

  file(name: string): string {
    return join(this.own.folder, name);
  }

  private removeSentOf(note: UploadNote): void {
    if (this.files?.of === note) this.closeFiles();
    rmSync(this.sentFileOf(note), { force: true });
  }

  private closeFiles(): void {
    this.files?.sent.close();
    this.files = undefined;
  }

  private sentFileOf(note: UploadNote): string {
    return this.file(`sent-${note.idempotencyKey}.ndjson`);
  }
}

/** Answers what a person is told of it. */
function putAside(folder: string): string {
  const file = join(folder, FILE);
  inNotes(() => renameSync(file, `${file}.damaged`));
  return `What earlier runs noted of these paths is damaged, and was put aside as ${file}.damaged. If they were uploaded before, or in part, this is another upload.`;
}
