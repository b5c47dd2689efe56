// The parts of a stream just as they came. The iterator of a stream by itself copies those that wait into one: of a large
// content every byte, and memory that may be read into again (`LargeReads`) would not come back.

import { finished, type Readable } from 'node:stream';

/** Ends with the stream, with its error, or, when it is left, by destroying it: as the stream's own iterator does. */
export async function* partsOf(stream: Readable): AsyncGenerator<Buffer> {
  const parts: Buffer[] = [];
  let end: { error?: Error | null | undefined } | undefined;
  let wake = (): void => undefined;
  const take = (part: Buffer): void => {
    parts.push(part);
    stream.pause();
    wake();
  };
  const forget = finished(stream, { writable: false }, (error) => {
    end = { error };
    wake();
  });
  stream.on('data', take);
  try {
    for (;;) {
      const part = parts.shift();
      if (part) {
        yield part;
        continue;
      }
      if (end?.error) throw end.error;
      if (end) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        stream.resume();
      });
      wake = (): void => undefined;
    }
  } finally {
    stream.off('data', take);
    // One that is destroyed tells of an error, which must have a listener.
    if (end && !end.error) forget();
    else stream.destroy();
  }
}
