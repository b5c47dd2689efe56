import { describe, expect, it } from '@jest/globals';
import { isCounting, isPhaseOf } from './access.rules.js';

describe('what counts as accessed', () => {
  it.each([
    ['page', 'viewed', false],
    ['direct', 'attempted', true],
    ['data-mover', 'started', false],
    ['data-mover', 'failed', false],
    ['data-mover', 'completed', true],
    ['copy', 'requested', false],
    ['copy', 'failed', false],
    ['copy', 'completed', true],
  ] as const)('%s %s: %s', (method, phase, counts) => {
    expect(isCounting(method, phase, true, true)).toBe(counts);
  });

  it('counts a part that the end user chose, unless the platform says that only the whole counts', () => {
    expect(isCounting('data-mover', 'completed', false, true)).toBe(true);
    expect(isCounting('data-mover', 'completed', false, false)).toBe(false);
    expect(isCounting('data-mover', 'completed', true, false)).toBe(true);
  });

  it('knows no completion of a direct link', () => {
    expect(isPhaseOf('direct', 'completed')).toBe(false);
    expect(isPhaseOf('direct', 'attempted')).toBe(true);
  });
});
