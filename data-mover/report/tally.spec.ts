import { describe, expect, it } from '@jest/globals';
import { Tally } from './tally.js';

describe('how far a transfer is', () => {
  it('counts what is whole, and what has moved of files in flight', () => {
    const tally = new Tally(3, 300, 0);
    tally.begins('a', 100);
    tally.moved('a', 100, 1_000);
    tally.ended('a', 100);
    tally.begins('b', 100);
    tally.moved('b', 10, 2_000);
    expect(tally.standing).toMatchObject({ files: 1, ofFiles: 3, bytes: 110, ofBytes: 300 });
    expect(tally.standing.inFlight).toMatchObject([{ path: 'b', bytes: 10, ofBytes: 100, isCheck: false }]);
    expect(tally.movedBytes).toBe(110);
    tally.failed('b');
    expect(tally.standing).toMatchObject({ files: 1, bytes: 100, inFlight: [] });
  });

  it('begins a file that moves again at its start', () => {
    const tally = new Tally(1, 100, 0);
    tally.begins('a', 100);
    tally.moved('a', 90, 1_000);
    tally.begins('a', 100);
    tally.moved('a', 5, 2_000);
    expect(tally.standing.bytes).toBe(5);
    expect(tally.movedBytes).toBe(95);
  });

  it('counts what is there of a file once it has been checked, and what is no longer to be checked no more', () => {
    const tally = new Tally(1, 100, 0);
    tally.begins('a', 100, 60);
    tally.moved('a', 20, 1_000);
    tally.checked('a', 10, 1_000);
    expect(tally.standing).toMatchObject({ bytes: 30, checked: { bytes: 10, ofBytes: 60 } });
    tally.begins('a', 100);
    expect(tally.standing).toMatchObject({ bytes: 0, checked: { bytes: 10, ofBytes: 10 } });
    expect(tally.movedBytes).toBe(20);
  });

  it.each([
    ['a file is sent once more', 100],
    ['a file has grown since it was counted', 150],
  ])('never tells more than the whole where %s', (_, size) => {
    const tally = new Tally(2, 200, 0);
    for (const path of ['a', 'b', 'b']) {
      tally.begins(path, 100);
      tally.moved(path, size, 1_000);
      tally.ended(path, size);
    }
    expect(tally.standing).toMatchObject({ files: 2, ofFiles: 2, bytes: 200, ofBytes: 200, secondsLeft: 0 });
  });
});

describe('the time left', () => {
  const moved = (tally: Tally, bytes: number): void => tally.moved('a', bytes, 1_000);
  const checked = (tally: Tally, bytes: number): void => tally.checked('b', bytes, 1_000);

  it.each([
    ['of what moves', 0, (tally: Tally) => moved(tally, 100), 9],
    ['of what is checked, where that takes longer', 800, (tally: Tally) => (moved(tally, 100), checked(tally, 20)), 39],
    ['of what moves, where that takes longer', 800, (tally: Tally) => (moved(tally, 20), checked(tally, 400)), 9],
    ['of what is checked alone', 1_000, (tally: Tally) => checked(tally, 100), 9],
  ])('is that %s', (_, toCheckBytes, happens, seconds) => {
    const tally = new Tally(2, 1_000, 0);
    tally.willCheck(toCheckBytes);
    tally.begins('a', 1_000 - toCheckBytes);
    tally.beginsCheck('b', toCheckBytes);
    happens(tally);
    expect(tally.standing.secondsLeft).toBe(seconds);
  });

  it('cannot be told before anything has moved', () => {
    expect(new Tally(2, 1_000, 0).standing.secondsLeft).toBeUndefined();
  });

  it('takes no reading of the disk for bytes that move', () => {
    const tally = new Tally(2, 1_000, 0);
    tally.willCheck(500);
    checked(tally, 100);
    expect(tally.standing).toMatchObject({ rate: 0, checked: { bytes: 100, ofBytes: 500 } });
    expect(tally.movedBytes).toBe(0);
  });
});
