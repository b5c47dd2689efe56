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
