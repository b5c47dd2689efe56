import { expect, it } from '@jest/globals';
import { underLease } from './under-lease.js';

const running = new AbortController().signal;

it('a renewal that is under way ends before the lease is released', async () => {
  const happened: string[] = [];
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  let renewed: () => void = () => undefined;
  const lease = {
    renewEveryMs: 1,
    renew: async () => {
      begun();
      await new Promise<void>((resolve) => (renewed = resolve));
      happened.push('renewed');
      return undefined;
    },
    release: () => Promise.resolve(void happened.push('released')),
  };
  const working = underLease(lease, running, async () => {
    await hasBegun;
    setImmediate(() => renewed());
    return 'done';
  });
  expect([await working, happened]).toEqual(['done', ['renewed', 'released']]);
});

it('what lost its lease ends with the reason, whatever it makes of the signal', async () => {
  const lost = new Error('another worker has it');
  let isReleased = false;
  const lease = {
    renewEveryMs: 1,
    renew: () => Promise.resolve(lost),
    release: () => Promise.resolve(void (isReleased = true)),
  };
  const working = underLease(
    lease,
    running,
    (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('something of its own')))),
  );
  await expect(working).rejects.toBe(lost);
  expect(isReleased).toBe(true);
});

/** An interval like that of the renewals has come round some times. */
const severalTurns = (): Promise<void> =>
  new Promise((resolve) => {
    let turns = 0;
    const turning = setInterval(() => {
      if ((turns += 1) < 5) return;
      clearInterval(turning);
      resolve();
    }, 1);
  });

it('a renewal that takes long is not begun a second time', async () => {
  let [under, most, count] = [0, 0, 0];
  let enough: () => void = () => undefined;
  const wasEnough = new Promise<void>((resolve) => (enough = resolve));
  const lease = {
    renewEveryMs: 1,
    renew: async () => {
      most = Math.max(most, (under += 1));
      await severalTurns();
      under -= 1;
      if ((count += 1) === 3) enough();
      return undefined;
    },
    release: () => Promise.resolve(),
  };
  await underLease(lease, running, () => wasEnough);
  expect(most).toBe(1);
});

it('a process that stops is told to the work, and the lease given back', async () => {
  const stopping = new AbortController();
  let isReleased = false;
  const lease = {
    renewEveryMs: 1_000,
    renew: () => Promise.resolve(undefined),
    release: () => Promise.resolve(void (isReleased = true)),
  };
  const working = underLease(lease, stopping.signal, async (signal) => {
    stopping.abort(new Error('stopping'));
    signal.throwIfAborted();
  });
  await expect(working).rejects.toThrow('stopping');
  expect(isReleased).toBe(true);
});
