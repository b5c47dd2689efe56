// Streams that services give (reference 5.3): a stored content or a part of one, or bytes that are made while they are
// read, such as an archive, whose length nobody knows beforehand.

import type { Readable } from 'node:stream';

/** A short output that is put into memory at once. */
export interface Whole {
  bytes: number;
  /** @param target memory of its length */
  fill(target: Buffer): void;
}

export interface Output {
  /** MIME type. */
  type: string;
  /** Bytes; undefined when not known beforehand. */
  size: number | undefined;
  /** Suggested file name, where there is one. */
  name?: string;
  /** Asked when it is fetched later than it was made; one that is left out may be. */
  mayBeRead?(): boolean;
  open(): Readable;
  /** Where it can be had so: then its length is known after all. */
  whole?(): Whole | undefined;
  /** A file that only this output needs. */
  temporaryFile?: string;
}
