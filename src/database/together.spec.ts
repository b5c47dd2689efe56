import { expect, it } from '@jest/globals';
import { Together } from './together.js';

/** Notes what it is given to write; each write ends when the test says so. */
function notingBatches(atMost?: number) {
  const written: string[][] = [];
  const ends: (() => void)[] = [];
  const batches = new Together<string, string>((items) => {
    written.push([...items]);
    if (items.includes('bad')) return Promise.reject(new Error('bad'));
    return new Promise((resolve) => ends.push(() => resolve(items.map((item) => `${item}!`))));
  }, atMost);
  return { batches, written, end: () => ends.shift()?.() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('writes at once what comes at once, and what comes meanwhile next', async () => {
  const { batches, written, end } = notingBatches();
  const first = [batches.do('a'), batches.do('b')];
  await turn();
  const second = [batches.do('c'), batches.do('d')];
  await turn();
  expect(written).toEqual([['a', 'b']]);
  end();
  await Promise.all(first);
  await turn();
  expect(written).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  end();
  await Promise.all(second);
});

it('answers nobody before theirs is written', async () => {
  const { batches, end } = notingBatches();
  let isAnswered = false;
  const answered = batches.do('a').then(() => (isAnswered = true));
  await turn();
  expect(isAnswered).toBe(false);
  end();
  await answered;
  expect(isAnswered).toBe(true);
});

it('answers everybody what is theirs', async () => {
  const { batches, end } = notingBatches();
  const all = [batches.do('a'), batches.do('b')];
  await turn();
  end();
  expect(await Promise.all(all)).toEqual(['a!', 'b!']);
});

it('writes no more than so many together', async () => {
  const { batches, written, end } = notingBatches(2);
  const all = ['a', 'b', 'c'].map((item) => batches.do(item));
  await turn();
  end();
  await turn();
  end();
  await Promise.all(all);
  expect(written).toEqual([['a', 'b'], ['c']]);
});

it('writes the others when one cannot be written, and goes on', async () => {
  const { batches, written, end } = notingBatches();
  const [good, bad] = [batches.do('a'), batches.do('bad')];
  await turn();
  await expect(bad).rejects.toThrow('bad');
  end();
  await good;
  await turn();
  const later = batches.do('b');
  await turn();
  end();
  await later;
  expect(written).toEqual([['a', 'bad'], ['a'], ['bad'], ['b']]);
});
