// A disk that takes its time: contents of some files are read only once a test says so. Real disks are slow by chance.

/**
 * Options of Node that start a program on such a disk.
 * @param which of their places
 * @param go a file: as soon as it is there, everything is read
 */
export const waitingDisk = (which: RegExp, go: string): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { existsSync } from 'node:fs';
    import disk from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    import { setTimeout as delay } from 'node:timers/promises';
    const open = disk.open;
    disk.open = async (place, ...how) => {
      const file = await open(place, ...how);
      if (!${which}.test(String(place))) return file;
      const read = file.read.bind(file);
      file.read = async (...what) => {
        while (!existsSync(${JSON.stringify(go)})) await delay(20);
        return read(...what);
      };
      return file;
    };
    syncBuiltinESMExports();`)}`,
];

/** Options of Node with which time goes so many times as fast, but for what timers wait for. */
export const clockOf = (times: number): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    `const now = performance.now.bind(performance); performance.now = () => now() * ${times};`,
  )}`,
];

/** A minute passes in less than a second. */
export const quickClock = clockOf(100);
