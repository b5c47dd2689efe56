import { expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { isPassingTrouble } from './passing-trouble.js';

const ofServer = (code: string) => Object.assign(new Error('said by PostgreSQL'), { severity: 'ERROR', code });
const ofSocket = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

it.each<[string, Error]>([
  ['the wait for a connection of the pool', new Error('timeout exceeded when trying to connect')],
  ['a connection that takes too long', new Error('Connection terminated due to connection timeout')],
  ['a connection that breaks off', new Error('Connection terminated unexpectedly')],
  ['a deadlock', ofServer('40P01')],
  ['a lock that was waited for too long', ofServer('55P03')],
  ['a statement that took too long', ofServer('57014')],
  ['too many connections', ofServer('53300')],
  ['a server that is starting', ofServer('57P03')],
  ['a connection that failed', ofServer('08006')],
  ['nobody listening', ofSocket('ECONNREFUSED')],
  [
    'nobody listening at any of its addresses',
    new AggregateError([ofSocket('ECONNREFUSED'), ofSocket('ECONNREFUSED')]),
  ],
])('%s passes by itself', (_, error) => {
  expect(isPassingTrouble(error)).toBe(true);
  expect(isPassingTrouble(new QueryFailedError('select 1', [], error))).toBe(true);
});

it.each<[string, unknown]>([
  ['a constraint', ofServer('23505')],
  ['a mistake in SQL', ofServer('42601')],
  ['a mistake in the program', new TypeError('x is not a function')],
  ['a file that is not there', ofSocket('ENOENT')],
  ['an empty aggregate', new AggregateError([])],
  ['nothing', undefined],
])('%s does not', (_, error) => {
  expect(isPassingTrouble(error)).toBe(false);
  if (error instanceof Error) expect(isPassingTrouble(new QueryFailedError('select 1', [], error))).toBe(false);
});
