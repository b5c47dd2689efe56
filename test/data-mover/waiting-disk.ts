// A disk that takes its time: contents of some files are read only once a test says so. Real disks are slow by chance.

/**
 * Options of Node that start a program on such a disk.
 * @param which of their places
 * @param go a file: as soon as it is there, everything is read
 */
export const waitingDisk = (which: RegExp, go: string): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { setTimeout as delay } from 'node:timers/promises';
    const read = fs.createReadStream;
    fs.createReadStream = (place, options) =>
      ${which}.test(String(place))
        ? (async function* () {
            while (!fs.existsSync(${JSON.stringify(go)})) await delay(20);
            yield* read(place, options);
          })()
        : read(place, options);
    syncBuiltinESMExports();`)}`,
];

/** Options of Node with which a minute passes in less than a second. */
export const quickClock = [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    'const now = performance.now.bind(performance); performance.now = () => now() * 100;',
  )}`,
];
