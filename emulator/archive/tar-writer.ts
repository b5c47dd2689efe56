// A compressed tar, with long names and large sizes in the pax form.

import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { ArchiveEntry } from './zip-writer.js';

/** The archive's bytes; one entry is read at a time. */
export async function* writeTarGz(entries: Iterable<ArchiveEntry>): AsyncGenerator<Buffer> {
  const tar = pack();
  const gzip = createGzip();
  // Whatever ends one ends the other, and is told by reading the compressed side.
  const flowing = pipeline(tar, gzip);
  const filling = fill(tar, entries).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  // Awaited below where all was read; a reader that left has no use for it.
  flowing.catch(() => undefined);
  try {
    for await (const part of gzip) yield part as Buffer;
    await flowing;
  } finally {
    gzip.destroy();
    await filling;
  }
}

async function fill(tar: ReturnType<typeof pack>, entries: Iterable<ArchiveEntry>): Promise<void> {
  for (const { name, size, modified, read } of entries) {
    if (name.endsWith('/')) {
      tar.entry({ name, type: 'directory', mode: 0o755, mtime: modified });
      continue;
    }
    const header = { name, size, mode: 0o644, mtime: modified };
    if (size === 0) tar.entry(header, '');
    else await pipeline(read(), tar.entry(header));
  }
  tar.finalize();
}
