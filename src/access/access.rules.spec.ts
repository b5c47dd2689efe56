import { describe, expect, it } from '@jest/globals';
import { type ClientHistory, type Doubt, isCounting, isPhaseOf, judgeClient } from './access.rules.js';

describe('what counts as accessed', () => {
  it.each([
    ['page', 'viewed', false],
    ['page', 'done', false],
    ['page', 'opted-out', false],
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

describe('the client of a POST', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);
  const quiet: ClientHistory = {
    program: 'browser',
    hiddenLinkFollowedAt: null,
    hiddenLinkFollowedElsewhereAt: null,
    headAt: null,
    linksTogether: 1,
    handedOverAt: ago(86_400),
  };

  it.each<[string, Partial<ClientHistory>, boolean, Doubt[]]>([
    ['a person a day after the mail', {}, false, []],
    ['no mail handed over yet', { handedOverAt: null }, false, []],
    ['followed the hidden link of this delivery just now', { hiddenLinkFollowedAt: now }, true, []],
    ['followed it a second less than an hour ago', { hiddenLinkFollowedAt: ago(3_599) }, true, []],
    ['followed it while this request waited its turn', { hiddenLinkFollowedAt: ago(-1) }, true, []],
    ['followed it an hour ago', { hiddenLinkFollowedAt: ago(3_600) }, false, []],
    [
      'followed the hidden link of another delivery, as a scanner behind the same address may have',
      { hiddenLinkFollowedElsewhereAt: ago(10) },
      false,
      ['scanner-on-another-link'],
    ],
    ['the same, an hour ago', { hiddenLinkFollowedElsewhereAt: ago(3_600) }, false, []],
    ['a HEAD of this link within the minute', { headAt: ago(59) }, false, ['head-just-before']],
    ['a HEAD a minute ago', { headAt: ago(60) }, false, []],
    ['29 seconds after the mail', { handedOverAt: ago(29) }, false, ['soon-after-mail']],
    ['30 seconds after the mail', { handedOverAt: ago(30) }, false, []],
    ['four links within a minute', { linksTogether: 4 }, false, []],
    ['five links within a minute', { linksTogether: 5 }, false, ['many-links-together']],
    ['says itself that it is a scanner', { program: 'mail-scanner' }, false, ['calls-itself-scanner']],
    ['says nothing of itself', { program: 'none' }, false, []],
    [
      'proof and doubts together',
      { hiddenLinkFollowedAt: ago(1), headAt: ago(2), handedOverAt: ago(3), linksTogether: 9 },
      true,
      ['head-just-before', 'soon-after-mail', 'many-links-together'],
    ],
  ])('%s', (_, history, isScanner, doubts) => {
    expect(judgeClient({ ...quiet, ...history }, now)).toEqual({ isScanner, doubts });
  });
});
