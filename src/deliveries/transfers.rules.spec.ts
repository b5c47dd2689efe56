import { describe, expect, it } from '@jest/globals';
import { decideContinuation, type Transfer } from './transfers.rules.js';

const at = (text: string): Date => new Date(text);
const ENDS = at('2026-03-10T00:00:00Z');
const transfer = (lastProgressAt: string, state: Transfer['state'] = 'started'): Transfer => ({
  state,
  lastProgressAt: at(lastProgressAt),
});

describe('a transfer', () => {
  it('that is complete gets no further credential, whatever its link', () => {
    for (const linkEndsAt of [null, ENDS])
      expect(
        decideContinuation(transfer('2026-03-01T00:00:00Z', 'completed'), linkEndsAt, at('2026-03-01T00:00:01Z')),
      ).toEqual({
        mayGoOn: false,
        because: 'completed',
      });
  });

  it('is taken up again while its link lives, after any pause, until a week after the link at most', () => {
    for (const state of ['started', 'failed'] as const)
      expect(decideContinuation(transfer('2026-02-01T00:00:00Z', state), ENDS, at('2026-03-09T23:59:59Z'))).toEqual({
        mayGoOn: true,
        notAfter: at('2026-03-17T00:00:00Z'),
      });
    expect(decideContinuation(transfer('2026-02-01T00:00:00Z'), null, ENDS)).toEqual({ mayGoOn: true, notAfter: null });
  });

  it('goes on after its link while its last progress is less than a day ago', () => {
    const now = at('2026-03-12T00:00:00Z');
    expect(decideContinuation(transfer('2026-03-11T00:00:01Z'), ENDS, now).mayGoOn).toBe(true);
    expect(decideContinuation(transfer('2026-03-11T00:00:01Z', 'failed'), ENDS, now).mayGoOn).toBe(true);
    expect(decideContinuation(transfer('2026-03-11T00:00:00Z'), ENDS, now)).toEqual({
      mayGoOn: false,
      because: 'stale',
    });
  });

  it('ends a week after its link, with progress too', () => {
    expect(decideContinuation(transfer('2026-03-16T23:59:58Z'), ENDS, at('2026-03-16T23:59:59Z')).mayGoOn).toBe(true);
    expect(decideContinuation(transfer('2026-03-16T23:59:59Z'), ENDS, at('2026-03-17T00:00:00Z'))).toEqual({
      mayGoOn: false,
      because: 'too-late',
    });
  });
});
