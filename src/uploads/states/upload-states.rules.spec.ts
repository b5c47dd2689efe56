import { describe, expect, it } from '@jest/globals';
import { transitionsOf } from './upload-states.rules.js';

describe('the life of an upload', () => {
  it('becomes complete only from being verified', () => {
    expect(transitionsOf('verified').filter(({ from }) => from !== 'complete')).toEqual([
      { from: 'verifying', to: 'complete' },
    ]);
  });

  it('never leaves complete', () => {
    const events = ['client-completed', 'found-different', 'verified', 'given-up', 'taken-up-again'] as const;
    for (const event of events) {
      for (const { from, to } of transitionsOf(event)) if (from === 'complete') expect(to).toBe('complete');
    }
  });

  it('can be taken up again after it was abandoned', () => {
    expect(transitionsOf('taken-up-again')).toContainEqual({ from: 'abandoned', to: 'open' });
  });
});
