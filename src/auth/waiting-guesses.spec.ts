import { expect, it } from '@jest/globals';
import { WaitingGuesses } from './waiting-guesses.js';

/** Waits that end when they are told to. */
function held() {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  return { wait: () => until, release };
}

it('lets fifty of one network wait at once, turns more away without waiting, and lets others wait beside them', async () => {
  const guesses = new WaitingGuesses();
  const { wait, release } = held();
  const first = Array.from({ length: 50 }, () => guesses.enter('a', wait));
  expect(await guesses.enter('a', () => Promise.reject(new Error('must not wait')))).toBe(false);
  const other = guesses.enter('b', wait);
  release();
  expect(await Promise.all([...first, other])).toEqual(Array.from({ length: 51 }, () => true));
  expect(await guesses.enter('a', () => Promise.resolve())).toBe(true);
});

it('lets five hundred wait in all', async () => {
  const guesses = new WaitingGuesses();
  const { wait, release } = held();
  const waiting = Array.from({ length: 500 }, (_, index) => guesses.enter(`network ${index}`, wait));
  expect(await guesses.enter('another', wait)).toBe(false);
  release();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([true]));
});

it('has room again after a wait that failed', async () => {
  const guesses = new WaitingGuesses();
  for (let round = 0; round < 60; round += 1)
    await expect(guesses.enter('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await guesses.enter('a', () => Promise.resolve())).toBe(true);
});
