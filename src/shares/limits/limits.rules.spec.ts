import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leftOf, type LimitUse, limitFaults, type ShareableLimits } from './limits.rules.js';

const none: ShareableLimits = { uploadsPerDay: null, recipientsPerDay: null, recipientDomains: null };
const nothingYet: LimitUse = { uploads: 0, recipients: 0 };
const to = (...addresses: string[]) => addresses.map((address, index) => ({ address, path: `recipients[${index}]` }));

describe('the limits of a shareable', () => {
  it('hold nothing back unless they are set', () => {
    expect(
      limitFaults(none, { uploads: 1e6, recipients: 1e6 }, { uploads: 1, recipients: to('a@example.org') }),
    ).toEqual([]);
  });

  it('let the last allowed upload through and not the next', () => {
    const limits = { ...none, uploadsPerDay: 3 };
    const asked = { uploads: 1, recipients: [] } as const;
    expect(limitFaults(limits, { uploads: 2, recipients: 0 }, asked)).toEqual([]);
    expect(limitFaults(limits, { uploads: 3, recipients: 0 }, asked)).toMatchObject([
      { path: 'uploads', passes: true },
    ]);
    expect(limitFaults(limits, { uploads: 3, recipients: 0 }, { uploads: 0, recipients: to('a@example.org') })).toEqual(
      [],
    );
  });

  it('tell recipients that would go tomorrow from those that never would', () => {
    const limits = { ...none, recipientsPerDay: 2 };
    const two = { uploads: 1, recipients: to('a@example.org', 'b@example.org') } as const;
    expect(limitFaults(limits, nothingYet, two)).toEqual([]);
    expect(limitFaults(limits, { uploads: 1, recipients: 1 }, two)).toMatchObject([
      { path: 'recipients', passes: true },
    ]);
    const three = { uploads: 1, recipients: to('a@example.org', 'b@example.org', 'c@example.org') } as const;
    expect(limitFaults(limits, nothingYet, three)).toMatchObject([{ path: 'recipients', passes: false }]);
  });

  it('name each address of another domain', () => {
    const limits = { ...none, recipientDomains: ['example.org', '*.example.edu'] };
    const asked = to('a@example.org', 'b@example.org', 'c@x.example.org', 'd@example.edu', 'e@lab.example.edu');
    expect(limitFaults(limits, nothingYet, { uploads: 1, recipients: asked }).map(({ path }) => path)).toEqual([
      'recipients[2]',
      'recipients[3]',
    ]);
    const lookalikes = to('a@badexample.org', 'b@example.org.evil.net', 'c@badexample.edu');
    expect(limitFaults(limits, nothingYet, { uploads: 1, recipients: lookalikes })).toHaveLength(3);
  });

  it('never leave less than nothing, and refuse exactly when nothing is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(40), (uploadsPerDay, uploads) => {
        const limits = { ...none, uploadsPerDay };
        const left = leftOf(limits, { uploads, recipients: 0 }).uploads ?? -1;
        expect(left).toBeGreaterThanOrEqual(0);
        const isRefused = limitFaults(limits, { uploads, recipients: 0 }, { uploads: 1, recipients: [] }).length > 0;
        expect(isRefused).toBe(left === 0);
      }),
    );
  });
});
