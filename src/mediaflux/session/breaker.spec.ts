import { describe, expect, it } from '@jest/globals';
import { AnsweredByStatus, MediafluxError, NoConnectionFree, TimeLimitPassed } from '../protocol/index.js';
import { Account } from './account.js';
import { pauseBeforeRepeatMs } from './attempts.js';
import { Breaker, BreakerOpen } from './breaker.js';

const away = new MediafluxError('unreachable', 'x');
const answered = new MediafluxError('not-found', 'x');

function opened() {
  let now = 0;
  const breaker = new Breaker(() => now);
  for (let index = 0; index < 4; index += 1) breaker.note(away);
  return { breaker, pass: (ms: number) => (now += ms) };
}

describe('the breaker', () => {
  it('opens after four failures with no answer between them, whatever the answer was', () => {
    const breaker = new Breaker(() => 0);
    for (const outcome of [away, away, away, undefined, away, away, away, answered, away, away, away])
      breaker.note(outcome);
    expect(breaker.isOpen).toBe(false);
    breaker.note(away);
    expect(breaker.isOpen).toBe(true);
    expect(breaker.isReachable).toBe(false);
    expect(() => breaker.letThrough()).toThrow(BreakerOpen);
  });

  it('counts nothing that is not the server’s: an abort, a file, a connection that was not free, a limit of the caller’s', () => {
    const breaker = new Breaker(() => 0);
    for (let index = 0; index < 10; index += 1)
      for (const outcome of [new Error('ENOENT'), new NoConnectionFree(1), new TimeLimitPassed('unreachable', 'x')])
        breaker.note(outcome);
    expect(breaker.isReachable).toBe(true);
  });

  it('takes an HTTP status for an answer', () => {
    const breaker = new Breaker(() => 0);
    for (const outcome of [away, away, away, new AnsweredByStatus('unreachable', 'x'), away, away, away])
      breaker.note(outcome);
    expect(breaker.isReachable).toBe(true);
  });

  it('lets one call through after three seconds, and closes when it is answered', () => {
    const { breaker, pass } = opened();
    pass(2_999);
    expect(() => breaker.letThrough()).toThrow(BreakerOpen);
    pass(1);
    breaker.letThrough();
    expect(() => breaker.letThrough()).toThrow(BreakerOpen);
    breaker.note(answered);
    expect(breaker.isOpen).toBe(false);
    breaker.letThrough();
    breaker.letThrough();
  });

  it('waits longer each time while nothing answers, up to a minute, and three seconds again after an answer', () => {
    const { breaker, pass } = opened();
    const pauses: number[] = [];
    for (let index = 0; index < 7; index += 1) {
      let pause = 0;
      for (; breaker.isOpen; pause += 1_000) pass(1_000);
      pauses.push(pause);
      breaker.letThrough();
      breaker.note(away);
    }
    expect(pauses).toEqual([3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]);
    breaker.note();
    for (let index = 0; index < 4; index += 1) breaker.note(away);
    pass(3_000);
    expect(breaker.isOpen).toBe(false);
  });

  it('learns nothing from calls that were on their way when it opened', () => {
    const { breaker, pass } = opened();
    for (let index = 0; index < 20; index += 1) breaker.note(away);
    pass(3_000);
    expect(breaker.isOpen).toBe(false);
  });

  it('tells those who wait when it opens, and those who wait later the next time', () => {
    const breaker = new Breaker(() => 0);
    const waiting = breaker.opening;
    for (let index = 0; index < 4; index += 1) breaker.note(away);
    expect(waiting.reason).toBeInstanceOf(BreakerOpen);
    expect(breaker.opening.aborted).toBe(false);
  });
});

describe('an account', () => {
  const told = new MediafluxError('service-error', 'It broke', { service: 'system.logon' });

  it('that was refused is never tried again', () => {
    let now = 0;
    const account = new Account(() => now);
    account.mayLogOn();
    account.refused(told);
    now = 1e12;
    expect(account.isRefused).toBe(true);
    expect(() => account.mayLogOn()).toThrow('Mediaflux refuses the logon');
  });

  it('whose logon failed otherwise is tried again after a minute, two, four … thirty; and at once after one that worked', () => {
    let now = 0;
    const account = new Account(() => now);
    const minutes: number[] = [];
    for (let index = 0; index < 7; index += 1) {
      account.failed(told);
      expect(() => account.mayLogOn()).toThrow('does not say that the credentials are wrong');
      minutes.push(account.pauseLeftMs / 60_000);
      now += account.pauseLeftMs;
      account.mayLogOn();
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(account.isRefused).toBe(false);
    account.accepted();
    account.failed(told);
    expect(account.pauseLeftMs).toBe(60_000);
  });
});

it('the pause before a repeat grows and is spread by chance', () => {
  expect([1, 2].map((attempt) => pauseBeforeRepeatMs(attempt, 0))).toEqual([50, 200]);
  expect([1, 2].map((attempt) => pauseBeforeRepeatMs(attempt, 1))).toEqual([150, 600]);
});
