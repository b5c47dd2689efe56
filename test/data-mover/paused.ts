// An upload that stands still in the middle of a large file, by a call to Mediaflux that only the Data Mover makes.

import type { Fault } from '../../emulator/index.js';
import type { Finished } from '../support/program.js';
import { until } from '../support/wait.js';
import type { Mover, Stage } from './stage.js';

/** With which `LARGE` goes in pieces, and one file after the other in order of name. */
export const ONE_BY_ONE = ['--parallel', '1', '--piece-above', '150kB', '--piece-size', '150kB'];
export const LARGE = 'x'.repeat(200_000);

/**
 * Runs `work` while the first large file of the upload is on its way, and lets it go on.
 * @param faults that it meets from then on
 */
export async function pausedInLarge(
  stage: Stage,
  start: () => Mover,
  work: () => unknown,
  faults: readonly Fault[] = [],
): Promise<Finished> {
  return (await goingOnInLarge(stage, start, work, faults)).finished;
}

/** The same for a program that does not end by itself: answers it when it has been let go on. */
export async function goingOnInLarge(
  { emulator }: Stage,
  start: () => Mover,
  work: () => unknown,
  faults: readonly Fault[] = [],
): Promise<Mover> {
  const service = 'server.io.write';
  emulator.faults.forgetCalls();
  emulator.faults.set({ service, times: 1, action: { hold: true } });
  const mover = start();
  const hasCome = until('the large file being on its way', () =>
    emulator.faults.calls().some((call) => call.service === service) ? true : undefined,
  );
  await Promise.race([
    hasCome,
    mover.finished.then(({ stdout, stderr }) => Promise.reject(new Error(stdout + stderr))),
  ]);
  await work();
  emulator.faults.clear();
  for (const fault of faults) emulator.faults.set(fault);
  return mover;
}
