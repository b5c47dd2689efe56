// A download that is broken off in the middle of a large file.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/wait.js';
import type { Stage } from './stage.js';

export interface Broken {
  stage: Stage;
  link: string;
  out: string;
  /** Of the large file. */
  bytes: number;
  /** A kill, where nothing else is said. */
  signal?: 'SIGKILL' | 'SIGINT';
}

/** @param more of the command line, as `--only` */
export async function breakDownload(
  { stage, link, out, bytes, signal = 'SIGKILL' }: Broken,
  ...more: string[]
): Promise<void> {
  stage.emulator.faults.set({ path: '/mflux/content.mfjp', action: { cutAfterBytes: bytes / 2 } });
  const mover = stage.mover('download', link, out, '--json', ...more);
  const partial = join(out, '.instrument-dispatch', 'partial');
  // Small files come and go beside the large one.
  const sizeOf = (name: string) => statSync(join(partial, name), { throwIfNoEntry: false })?.size ?? 0;
  await until('a part of the file', () =>
    existsSync(partial) && readdirSync(partial).some((name) => sizeOf(name) > bytes / 4) ? true : undefined,
  );
  mover.child.kill(signal);
  await mover.finished;
  stage.emulator.faults.clear();
}
