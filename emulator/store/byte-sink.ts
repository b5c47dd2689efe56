// What takes the bytes of a content, and what a content is when they are all there.

export interface StoredContent {
  file: string;
  size: number;
  /** CRC-32 as a number. */
  crc: number;
  /** MIME type, where whoever sent it told. */
  type?: string;
  /** It went to its place in the file of an IO job. */
  isPiece?: boolean;
}

/** Takes the bytes of one content, in order. */
export interface ByteSink {
  /** A returned promise asks to be waited for before the next. */
  write(part: Buffer): Promise<void> | undefined;
  finish(): Promise<StoredContent>;
  discard(): Promise<void>;
}
