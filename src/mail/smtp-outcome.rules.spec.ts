import { expect, it } from '@jest/globals';
import { backoffSeconds, outcomeOf } from './smtp-outcome.rules.js';

it.each([
  ['a recipient refused for good', { responseCode: 550, command: 'RCPT TO', wasContentSent: false }, 'refused'],
  ['a mail refused for good', { responseCode: 554, command: 'DATA', wasContentSent: true }, 'refused'],
  ['greylisting', { responseCode: 451, command: 'RCPT TO', wasContentSent: false }, 'retry'],
  ['our own logon refused', { responseCode: 535, command: 'AUTH PLAIN', wasContentSent: false }, 'retry'],
  ['our sender refused', { responseCode: 550, command: 'MAIL FROM', wasContentSent: false }, 'retry'],
  ['no connection', { code: 'ECONNECTION', command: 'CONN', wasContentSent: false }, 'retry'],
  ['a break before the final dot', { code: 'ECONNECTION', command: 'CONN', wasContentSent: false }, 'retry'],
  ['silence after the final dot', { code: 'ETIMEDOUT', command: 'CONN', wasContentSent: true }, 'unknown'],
] as const)('%s: %j means %s', (_, failure, outcome) => {
  expect(outcomeOf(failure)).toBe(outcome);
});

it('waits longer with each try, up to an hour and a quarter', () => {
  const waits = Array.from({ length: 10 }, (_, index) => backoffSeconds(index + 1, 0.5));
  expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  expect(backoffSeconds(100, 0.999)).toBeLessThanOrEqual(4_500);
});
