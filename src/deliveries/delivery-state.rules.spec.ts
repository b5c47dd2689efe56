import { describe, expect, it } from '@jest/globals';
import { deliveryState } from './delivery-state.rules.js';

const expiresAt = new Date('2026-03-31T00:00:00Z');
const open = { revokedAt: null, goneAt: null, expiresAt, accessedAt: null };
const before = new Date('2026-03-30T23:59:59.999Z');

describe('the state of a delivery', () => {
  it('is open until the last moment and expired at expiry', () => {
    expect(deliveryState(open, before)).toBe('open');
    expect(deliveryState(open, expiresAt)).toBe('expired');
  });

  it('is the first that holds', () => {
    const moment = new Date('2026-03-02T00:00:00Z');
    expect(deliveryState({ ...open, accessedAt: moment }, before)).toBe('accessed');
    expect(deliveryState({ ...open, accessedAt: moment }, expiresAt)).toBe('expired');
    expect(deliveryState({ ...open, expiresAt: null }, before)).toBe('pending');
    expect(deliveryState({ ...open, expiresAt: null, goneAt: moment }, before)).toBe('gone');
    expect(deliveryState({ ...open, goneAt: moment, revokedAt: moment }, before)).toBe('revoked');
  });
});
