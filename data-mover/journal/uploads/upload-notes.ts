// What is noted of the uploads of a transfer, for those who look at it. Which server an upload is at is not judged by
// addresses, of which a server may have several: the server that knows it by its id is the one.

import { join } from 'node:path';
import { readJson } from '../durable.js';
import { inNotes } from '../home.js';
import { NotesFolder, type NotesOptions, toldOfNotTaken } from '../notes-folder.js';
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
  /** … unless another one is on its way to it, of which no answer is known … */
  telling?: true;
  /** … and of what it found complete. */
  completedTree?: string;
}

/** Which notes, and how they are come by. */
export interface UploadNotesOptions extends Pick<NotesOptions, 'takeOver' | 'apart'> {
  /** Of the data. */
  paths: readonly string[];
  /** Of the transfer, as a person gave it. */
  name: string | undefined;
  /** The computer to take over from is named for many transfers at once, of which it need not know all. */
  mayBeNamedInVain?: boolean | undefined;
}

export const FILE = 'uploads.json';
const WHAT = 'this transfer';

export const notesOptionsOf = ({ paths, name, takeOver, apart }: UploadNotesOptions): NotesOptions => ({
  about: ['upload', ...paths, '', name ?? ''],
  what: WHAT,
  paths,
  takeOver,
  apart,
  orElse: '; data-mover upload --again starts another upload from this computer',
});

/** What a person should know of where the notes come from. */
export function remarksOn(
  { notTaken }: Pick<NotesFolder, 'notTaken'>,
  { takeOver = '', mayBeNamedInVain }: UploadNotesOptions,
): string[] {
  const told = notTaken === 'none' && mayBeNamedInVain ? undefined : toldOfNotTaken(notTaken, takeOver, WHAT);
  return told === undefined ? [] : [told];
}

export class UploadNotes {
  /** What a person should know of what was noted earlier. */
  readonly remarks: readonly string[];
  protected notes: UploadNote[];

  protected constructor(found: { notes: UploadNote[]; remarks: readonly string[] }) {
    this.notes = found.notes;
    this.remarks = found.remarks;
  }

  /** Of a transfer at which nobody is; nothing is changed. @throws Failure a run could not begin, and why */
  static async see(options: UploadNotesOptions): Promise<UploadNotes> {
    const seen = await NotesFolder.see(notesOptionsOf(options));
    const { folder } = seen;
    const notes = folder === undefined ? [] : readNotes(folder);
    const damaged =
      'What earlier runs noted of these paths is damaged. If they were uploaded before, or in part, an upload would be another one.';
    const remarks = remarksOn(seen, options);
    return new UploadNotes(notes === 'damaged' ? { notes: [], remarks: [...remarks, damaged] } : { notes, remarks });
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
}

/** A note of this version, or of one before, which noted globs alone of what was chosen. */
type Noted = Omit<UploadNote, 'selection'> & { selection?: Selection; exclude?: readonly string[] };

export function readNotes(folder: string): UploadNote[] | 'damaged' {
  const found = inNotes(() => readJson<{ uploads: Noted[] }>(join(folder, FILE)));
  if (found === 'damaged') return found;
  const notes = found?.value.uploads ?? [];
  return notes.map(({ exclude = [], selection = { exclude }, ...note }) => ({ ...note, selection }));
}
