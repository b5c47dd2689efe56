// What a transfer remembers, outside the user's data, so that the same command goes on where it stopped: the uploads of
// these paths on this computer, what is to be sent, and for each upload a line for each file that was. Which server an
// upload is at is not judged by addresses, of which a server may have several: the server that knows it by its id is the
// one.

import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from '../durable.js';
import { inNotes } from '../home.js';
import { NotesFolder, type NotesOptions } from '../notes-folder.js';
import { SentFiles } from '../sent-files.js';
import type { SentManifest } from './own-manifest.rules.js';
import type { Selection } from './selection.rules.js';

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
  /** What of the folder it is of. */
  selection: Selection;
  /** Keywords that the server added of its own accord. */
  addedKeywords?: string[];
  /** Fingerprint of what was sent and the server was told to verify … */
  sentTree?: string;
  /** … the manifest that told it … */
  manifest?: SentManifest;
  /** … and of what it found complete. */
  completedTree?: string;
}

export class Journal {
  readonly folder: string;
  /** What a person should know of what was noted earlier. */
  readonly trouble: string | undefined;
  private notes: UploadNote[] = [];
  private files: { of: UploadNote; sent: SentFiles } | undefined;

  /**
   * Of a transfer that is told by its paths and its name, for this run alone.
   * @throws Failure another run is at it, here or elsewhere; its folder cannot be used
   */
  static async open(
    paths: readonly string[],
    name: string | undefined,
    options: Pick<NotesOptions, 'takeOver' | 'apart'>,
  ): Promise<Journal> {
    const about = ['upload', ...paths, '', name ?? ''];
    const orElse = '; data-mover upload --again starts another upload from this computer';
    const own = await NotesFolder.open({ ...options, about, paths, what: 'this transfer', orElse });
    try {
      return new Journal(own);
    } catch (error) {
      own.close();
      throw error;
    }
  }

  private constructor(private readonly own: NotesFolder) {
    this.folder = own.folder;
    const file = this.file('uploads.json');
    const found = inNotes(() => readJson<{ uploads: UploadNote[] }>(file));
    if (found === 'damaged') {
      inNotes(() => renameSync(file, `${file}.damaged`));
      this.trouble = `What earlier runs noted of these paths is damaged, and was put aside as ${file}.damaged. If they were uploaded before, or in part, this is another upload.`;
    } else this.notes = found?.value.uploads ?? [];
  }

  /** @throws Failure a person said meanwhile that another computer shall go on with it */
  mustBeOurs(): void {
    this.own.mustBeOurs();
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

  /** Another run may be at it then. */
  close(): void {
    this.closeFiles();
    this.own.close();
  }

  file(name: string): string {
    return join(this.folder, name);
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
