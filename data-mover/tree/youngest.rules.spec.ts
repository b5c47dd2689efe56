import { expect, it } from '@jest/globals';
import { startUpload } from '../../src/uploads/uploads.schema.js';
import { youngestFileTime } from './youngest.rules.js';

it('is a time that the server takes, whatever the clock of the instrument showed', () => {
  for (const at of [
    -8.64e15,
    -6e12,
    0,
    Date.UTC(2026, 0, 1),
    Date.UTC(9999, 11, 31, 12),
    Date.UTC(9999, 11, 31, 23, 59, 59),
    8.64e15,
    9e17,
  ]) {
    const body = { recipients: ['ada@example.org'], youngestFileTime: youngestFileTime(at) };
    expect([at, startUpload.safeParse(body).error?.issues ?? []]).toEqual([at, []]);
  }
  expect(youngestFileTime(Date.UTC(2026, 0, 1))).toBe('2026-01-01T00:00:00.000Z');
});
