import { describe, expect, it } from '@jest/globals';
import { MediafluxError } from '../../mediaflux/index.js';
import { asUser, type CopyEnd, CopyRefused, decideEnd, isResumable, RefusedToUser } from './copy-ends.js';

const LOGGED_ON = { isRefused: false };
const ofUser = (kind: ConstructorParameters<typeof MediafluxError>[0], text = 'words of Mediaflux') =>
  new RefusedToUser(new MediafluxError(kind, text));
const reasonOf = (end: CopyEnd): string | undefined => (end.ends ? end.because.key : undefined);

describe('a copy', () => {
  it.each([
    ['not-permitted', 'copyTrouble.notPermitted'],
    ['not-found', 'copyTrouble.notPermitted'],
    ['store-full', 'copyTrouble.quota'],
    ['invalid-arguments', 'copyTrouble.name'],
  ] as const)('ends when Mediaflux refuses the user with %s, and not when it refuses the service', (kind, reason) => {
    expect(reasonOf(decideEnd(ofUser(kind), LOGGED_ON, 0))).toBe(reason);
    expect(decideEnd(new MediafluxError(kind, ''), LOGGED_ON, 0)).toEqual({ ends: false, counts: false });
  });

  it.each(['unreachable', 'busy', 'session-expired'] as const)('waits, however often, while it is %s', (kind) => {
    expect(decideEnd(ofUser(kind), LOGGED_ON, 100)).toEqual({ ends: false, counts: false });
  });

  it('ends with the logon that was refused for good, and not with one that may be taken later', () => {
    expect(reasonOf(decideEnd(ofUser('not-authenticated'), { isRefused: true }, 0))).toBe('copyTrouble.loggedOff');
    expect(decideEnd(ofUser('not-authenticated'), LOGGED_ON, 0)).toEqual({ ends: false, counts: true });
  });

  it('ends with Mediaflux’s own words when it has refused five times without a known reason', () => {
    expect(decideEnd(ofUser('service-error'), LOGGED_ON, 3)).toEqual({ ends: false, counts: true });
    expect(decideEnd(ofUser('service-error'), LOGGED_ON, 4)).toEqual({
      ends: true,
      because: { key: 'copyTrouble.unexplained', values: { detail: 'words of Mediaflux' } },
    });
  });

  it('is tried again after an error that is nobody’s', () => {
    expect(decideEnd(new Error('the database is away'), LOGGED_ON, 100)).toEqual({ ends: false, counts: false });
  });

  it('goes on after a new logon, except where the link or the data ended', () => {
    const because = (key: string) => isResumable({ key, values: {} });
    expect(['loggedOff', 'quota', 'notPermitted', 'differs'].every((name) => because(`copyTrouble.${name}`))).toBe(
      true,
    );
    expect(['ended', 'expired', 'changed'].some((name) => because(`copyTrouble.${name}`))).toBe(false);
  });
});

it('only errors of Mediaflux are taken for its refusals', async () => {
  await expect(asUser(Promise.reject(new MediafluxError('busy', 'x')))).rejects.toBeInstanceOf(RefusedToUser);
  const own = new CopyRefused({ key: 'copyTrouble.ended', values: {} });
  await expect(asUser(Promise.reject(own))).rejects.toBe(own);
  await expect(asUser(Promise.resolve(1))).resolves.toBe(1);
});
