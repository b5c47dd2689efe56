import { describe, expect, it } from '@jest/globals';
import { transitionsOf } from './upload-states.rules.js';

const EVENTS = ['client-completed', 'found-different', 'verified', 'given-up', 'taken-up-again'] as const;

describe('the life of an upload', () => {
  it.each(EVENTS)('is left where it is by the same event again: %s', (event) => {
    const transitions = transitionsOf(event);
    for (const { to } of transitions) expect(transitions).toContainEqual({ from: to, to });
  });

  it('becomes complete only from being verified', () => {
    expect(transitionsOf('verified').filter(({ from }) => from !== 'complete')).toEqual([
      { from: 'verifying', to: 'complete' },
    ]);
  });

  it('never leaves complete', () => {
    for (const event of EVENTS) {
      for (const { from, to } of transitionsOf(event)) if (from === 'complete') expect(to).toBe('complete');
    }
  });

  it('can be taken up again after it was abandoned', () => {
    expect(transitionsOf('taken-up-again')).toContainEqual({ from: 'abandoned', to: 'open' });
  });
});
