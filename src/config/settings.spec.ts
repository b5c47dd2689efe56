import { describe, expect, it } from '@jest/globals';
import { loadSettings, SettingsError } from './settings.js';

const secondsOf = (value?: string): number =>
  loadSettings(value === undefined ? {} : { SWEEP_INTERVAL: value }, '/nowhere').sweepSeconds;

describe('SWEEP_INTERVAL', () => {
  it('is 30 s where it is not set, so that what was left over is taken up within the contract’s 30 s', () => {
    expect(secondsOf()).toBe(30);
    expect(secondsOf('')).toBe(30);
  });

  it('may be any shorter duration of a second or more', () => {
    expect([secondsOf('PT1S'), secondsOf('PT30S')]).toEqual([1, 30]);
  });

  it.each(['PT31S', 'P1D', 'PT0S', '5', 'PT'])('is refused by its name as %s, which is not told', (value) => {
    expect(() => secondsOf(value)).toThrow(SettingsError);
    expect(() => secondsOf(value)).toThrow(/SWEEP_INTERVAL must be an ISO 8601 duration from PT1S to PT30S/);
  });
});
