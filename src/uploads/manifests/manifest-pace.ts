// How slowly a manifest may come. While it is loaded it holds a connection to the database, so that one that hardly
// comes would keep others waiting: it must bring so many bytes a second on average, with some patience for a stall.

import type { Readable } from 'node:stream';
import { ManifestSlow } from '../uploads.errors.js';

export const SLOWEST_BYTES_A_SECOND = 16 * 1024;
const LONGEST_STALL_MS = 120_000;
/** Held in memory before a connection is asked for: most manifests are whole by then. */
const HELD_BYTES = 256 * 1024;

/** What is left of the patience with one sender: waiting uses it up, bytes bring it back, up to where it began. */
export class Patience {
  constructor(private leftMs = LONGEST_STALL_MS) {
    this.mostMs = leftMs;
  }

  private readonly mostMs: number;

  get ms(): number {
    return this.leftMs;
  }

  waited(milliseconds: number, bytes: number): void {
    this.leftMs = Math.min(this.mostMs, this.leftMs - milliseconds + (bytes / SLOWEST_BYTES_A_SECOND) * 1_000);
  }
}

/** The parts of a body as they come; only the time in which it is waited for counts. @throws ManifestSlow */
export async function* pacedParts(body: Readable, patience = new Patience()): AsyncGenerator<Buffer> {
  const parts = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
  for (;;) {
    const began = performance.now();
    const next = await within(patience.ms, parts.next());
    if (next.done === true) return;
    patience.waited(performance.now() - began, next.value.length);
    yield next.value;
  }
}

async function within<T>(milliseconds: number, awaited: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ManifestSlow(SLOWEST_BYTES_A_SECOND)), Math.max(0, milliseconds));
  });
  // It fails later, when the connection is closed; that is of no interest any more.
  awaited.catch(() => undefined);
  try {
    return await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until so much has come, or all; resolves to the whole, with what came first in front. */
export async function begun(parts: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  const held: Buffer[] = [];
  let bytes = 0;
  while (bytes < HELD_BYTES) {
    const next = await parts.next();
    if (next.done === true) break;
    held.push(next.value);
    bytes += next.value.length;
  }
  return (async function* whole() {
    yield* held;
    yield* parts;
  })();
}
