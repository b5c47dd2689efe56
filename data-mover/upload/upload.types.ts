// An upload as the server tells it, and as the command asks for it.

import type { Credential } from '../dispatch-api/client.js';
import type { Selection } from '../journal/uploads/selection.rules.js';
import type { UploadNotesOptions } from '../journal/uploads/upload-notes.js';

export interface UploadOptions {
  server: string;
  token: string;
  to: string[];
  name: string | undefined;
  keywords: string[];
  note: string | undefined;
  /** Starts a new upload even if the folder was uploaded before. */
  again: boolean;
  /** Nobody sits there to say `again`. */
  unattended?: boolean;
  /**
   * What the folder is known again by. Of one that has it there is one upload: what an earlier run sent whole is not sent
   * anew because something has changed since.
   */
  dataset?: string | undefined;
  /** Name of a computer that shares this one's notes, and at which surely nothing runs any more. */
  takeOver?: string | undefined;
  parallel: number;
  followSymlinks: boolean;
  /** Files of more bytes go in pieces. */
  pieceAboveBytes: number;
  pieceBytes: number;
  paths: string[];
  /** Names at the top of the tree that are not sent: what tells this program about it. */
  leaveOut?: readonly string[];
  /** Globs of what is not sent, relative to the top of the tree. */
  exclude: readonly string[];
}

export interface Upload {
  id: string;
  folder: string;
  state: 'open' | 'verifying' | 'mismatch' | 'complete' | 'abandoned';
  files: number;
  bytes: number;
  /** Of the manifest that counts. Servers of before do not tell it. */
  manifestId?: string | null;
  recipients: string[];
  keywords: string[];
  note: string | null;
  /** Ways to fetch that its recipients are offered, and how long their links live; where the server tells. */
  methods?: string[];
  linkLifetime?: string;
  /** Who was given it; empty until it is complete. */
  deliveries: { recipient: string; state: string }[];
  /** While it is verified: why the last try failed. */
  verificationTrouble?: string | null;
  mediaflux?: Credential | null;
  warnings: string[];
}

export interface Uploaded extends Upload {
  /** Fingerprint of what it holds. */
  sentTree: string;
  /** What of the folder it is of. */
  selection: Selection;
}

export interface Mismatch {
  path: string;
  problem: 'missing' | 'unexpected' | 'size' | 'checksum' | 'unverifiable';
}

/** Whose notes of these paths the command uses. @param paths in an order that is always the same */
export const notesAsked = (
  { name, takeOver, again, unattended }: UploadOptions,
  paths: readonly string[],
): UploadNotesOptions => ({ paths, name, takeOver, apart: again, mayBeNamedInVain: unattended });

/** What of the folder the command sends. */
export const selectionOf = ({ exclude, followSymlinks, leaveOut = [] }: UploadOptions): Selection => ({
  exclude,
  followSymlinks,
  leaveOut,
});

/** Of an upload that is what another command chose, and which options of the two say so. */
export const byAnotherCommand = (options: readonly string[]): string =>
  `by a command that differs in ${options.join(' and ')}`;

/** Whom it was given to, or is about to be; a wrong address that was corrected is none of them. */
export function toldOf(upload: Upload): string[] {
  if (upload.deliveries.length === 0) return upload.recipients;
  return [...new Set(upload.deliveries.filter(({ state }) => state !== 'revoked').map(({ recipient }) => recipient))];
}

/** Of a complete upload, and those who are named and did not get it. */
export const whatOthersNeed = (upload: Upload, others: readonly string[], hasChangedSince: boolean): string =>
  `This folder was uploaded before as ${upload.folder}${hasChangedSince ? '' : ' and has not changed since'}. It went to ${toldOf(upload).join(', ') || 'nobody'}, and not to ${others.join(', ')}. The staff of the platform can give it to others without another upload (they reshare it); --again uploads all of it once more, to those whom this command names.`;
