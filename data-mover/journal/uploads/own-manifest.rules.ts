// Is what the server compared, and gave to people, what this computer sent? Whoever else has the token can change an
// upload; data are told to be safe only where the server verified these very data.

/** What was told of the data. */
export interface SentManifest {
  /** Undefined: the server tells none. */
  id: string | undefined;
  files: number;
  bytes: number;
}

/** What the server tells. */
interface Counted {
  /** Undefined: a server of before. */
  manifestId?: string | null;
  files: number;
  bytes: number;
}

export function isOurs(upload: Counted, sent: SentManifest): boolean {
  if (upload.files !== sent.files || upload.bytes !== sent.bytes) return false;
  return sent.id === undefined || upload.manifestId === undefined || upload.manifestId === sent.id;
}

/** What a computer's notes of an upload say of what it declared to be all, in versions of this program before and now. */
interface Declared {
  manifest?: SentManifest;
  sentTree?: string;
  completedTree?: string;
}

/**
 * Is a complete upload what the computer with these notes sent? Who was broken off before it declared anything did not
 * make it complete.
 */
export function isOwn(upload: Counted, { manifest, sentTree, completedTree }: Declared): boolean {
  if (manifest !== undefined) return isOurs(upload, manifest);
  return sentTree !== undefined || completedTree !== undefined;
}
