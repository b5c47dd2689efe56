import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Transactions } from '../database/index.js';
import type { MailTransport } from '../mail/index.js';
import { MediafluxError, type MediafluxGateway } from '../mediaflux/index.js';
import type { JobQueue, Sweeps } from '../queue/index.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';

const HOUR_MS = 3_600_000;
const closed = { reachable: true, breakerOpen: false, refused: false, logonPauseMs: 0 };
let now: number;
let asked: number;
let mediaflux: {
  state: typeof closed;
  probe: () => Promise<string>;
  tokenEnd: () => Promise<Date | undefined>;
};
let readiness: Readiness;

const fails = (kind: ConstructorParameters<typeof MediafluxError>[0]) => () =>
  Promise.reject(new MediafluxError(kind, 'It failed'));
const transactions = { pool: { query: () => Promise.resolve([]) } } as unknown as Transactions;
const part = async () => (await readiness.parts())['mediaflux'];

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  asked = 0;
  mediaflux = { state: closed, probe: () => Promise.resolve('4.16'), tokenEnd: () => Promise.resolve(undefined) };
  readiness = new Readiness(
    transactions,
    mediaflux as unknown as MediafluxGateway,
    { check: () => Promise.resolve({ ready: true }) } as MailTransport,
    { check: () => Promise.resolve(undefined) } as JobQueue,
    {} as Sweeps,
    { now: () => new Date(now) },
  );
});

describe('Mediaflux in readiness', () => {
  it('is ready with a closed breaker', async () => {
    expect(await part()).toEqual({ ready: true, breaker: 'closed' });
  });

  it('tells whole days left of the token, and asks once an hour', async () => {
    mediaflux.tokenEnd = () => {
      asked += 1;
      return Promise.resolve(new Date(Date.UTC(2026, 0, 4, 12)));
    };
    expect(await part()).toEqual({ ready: true, breaker: 'closed', tokenDaysLeft: 3 });
    now += HOUR_MS;
    await part();
    expect(asked).toBe(1);
    now += 12 * HOUR_MS;
    expect(await part()).toMatchObject({ tokenDaysLeft: 2 });
    expect(asked).toBe(2);
    now += 96 * HOUR_MS;
    expect(await part()).toMatchObject({ tokenDaysLeft: -2 });
  });

  it('stays ready when the end of the token cannot be told, keeps what is known, and asks again', async () => {
    mediaflux.tokenEnd = fails('unreachable');
    expect(await part()).toEqual({ ready: true, breaker: 'closed' });
    mediaflux.tokenEnd = () => Promise.resolve(new Date(Date.UTC(2026, 0, 4)));
    expect(await part()).toMatchObject({ tokenDaysLeft: 3 });
    now += 2 * HOUR_MS;
    mediaflux.tokenEnd = fails('busy');
    expect(await part()).toEqual({ ready: true, breaker: 'closed', tokenDaysLeft: 2 });
  });

  it.each([
    ['unreachable', closed, 'closed', 'Mediaflux cannot be reached.'],
    ['unreachable', { ...closed, reachable: false, breakerOpen: true }, 'open', 'Mediaflux cannot be reached.'],
    ['busy', closed, 'closed', 'Mediaflux is busy or under maintenance.'],
    ['malformed-reply', closed, 'closed', 'Mediaflux answers with an error (malformed-reply).'],
    ['not-authenticated', { ...closed, refused: true }, 'open', 'refuses the service account; nothing is tried again'],
    ['not-authenticated', { ...closed, logonPauseMs: 61_000 }, 'open', 'the next try is in 2 min.'],
  ] as const)(
    'is not ready when it is %s with %j: the breaker is %s, and why',
    async (kind, state, breaker, detail) => {
      Object.assign(mediaflux, { probe: fails(kind), state });
      expect(await part()).toEqual({
        ready: false,
        breaker,
        detail: expect.stringContaining(detail) as unknown,
      });
    },
  );
});

it('metrics tell what holds of Mediaflux, state by state', async () => {
  const metrics = new Metrics(transactions, mediaflux as unknown as MediafluxGateway);
  const figures = async (): Promise<Record<string, string>> => {
    const told = (await metrics.text()).matchAll(/^dispatch_mediaflux\{state="(\w+)"\} (\d)$/gm);
    return Object.fromEntries([...told].map(([, state = '', value = '']) => [state, value]));
  };
  expect(await figures()).toEqual({ reachable: '1', breaker_open: '0', refused: '0', logon_paused: '0' });
  mediaflux.state = { reachable: false, breakerOpen: true, refused: true, logonPauseMs: 5 };
  expect(await figures()).toEqual({ reachable: '0', breaker_open: '1', refused: '1', logon_paused: '1' });
});
