import { describe, expect, it } from '@jest/globals';
import { pauseMs, Sweeps } from './sweeps.js';

describe('the pause between two passes of a sweep', () => {
  it('is its own, or shorter where the setting says so, never longer', () => {
    const sweep = { everyMs: 10_000 };
    expect(pauseMs(sweep, 30_000)).toBe(10_000);
    expect(pauseMs(sweep, 1_000)).toBe(1_000);
    expect(pauseMs({ everyMs: 30_000 }, 30_000)).toBe(30_000);
  });

  it('of upkeep, that nobody waits for, is its own whatever the setting says', () => {
    expect(pauseMs({ everyMs: 60_000, isUpkeep: true }, 1_000)).toBe(60_000);
  });
});

describe('a sweep', () => {
  it('comes again after the pause that is set, though its own is a day', async () => {
    const sweeps = new Sweeps(1);
    const passes = await new Promise<number>((resolve) => {
      // A pause holds no process up, so something else must.
      const alive = setInterval(() => undefined, 60_000);
      let done = 0;
      sweeps.register({
        name: 'counted',
        everyMs: 86_400_000,
        run: () => {
          if ((done += 1) === 3) {
            clearInterval(alive);
            resolve(done);
          }
          return Promise.resolve();
        },
      });
      sweeps.enable();
      sweeps.onApplicationBootstrap();
    });
    expect(passes).toBe(3);
    await sweeps.beforeApplicationShutdown();
  });
});
