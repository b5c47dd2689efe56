// What is written takes its name. Windows refuses that while another program, one that looks for viruses for example, has
// the file open, which is over in a moment: there it is tried again for a second.

import type * as Fs from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Pauses that may still be made, by one rename or by many that follow each other. */
export interface RenamePatience {
  pauses: number;
}

const PAUSES = process.platform === 'win32' ? 20 : 0;

export const renamePatience = (): RenamePatience => ({ pauses: PAUSES });

/** Nothing else goes on meanwhile. Like `pauseAfter`, it knows nothing but its arguments. @throws what the disk said last */
export function renameNow(
  fs: Pick<typeof Fs, 'renameSync'>,
  [from, to]: readonly [string, string],
  patience: RenamePatience,
  pause: typeof pauseAfter = pauseAfter,
): void {
  for (;;) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause(error, patience));
    }
  }
}

/** The same, while other work goes on. @param attempt renames, once */
export async function renameInTime(
  from: string,
  to: string,
  patience = renamePatience(),
  attempt: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  for (;;) {
    try {
      await attempt(from, to);
      return;
    } catch (error) {
      await delay(pauseAfter(error, patience));
    }
  }
}

/** Milliseconds until the next try. @throws the error: it does not pass, or the patience is at its end */
export function pauseAfter(error: unknown, patience: RenamePatience): number {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (patience.pauses <= 0 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
  patience.pauses -= 1;
  return 50;
}
