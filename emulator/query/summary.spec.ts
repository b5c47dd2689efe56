import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../store/journal.js';
import type { AssetRecord } from '../store/records.js';
import { State } from '../store/state.js';
import type { Condition } from './conditions.js';
import { predicateOf } from './predicates.js';
import { summarize } from './summary.js';
import { Turns } from './turns.js';

const folder = mkdtempSync(join(tmpdir(), 'summary-'));
const state = new State();
const FOLDERS = ['/', '/x', '/x/y', '/x/z', '/xy'];

const assetOf = (id: number, namespace: string, stime: number): AssetRecord => ({
  ...{ id, version: 1, vid: id, namespace, name: `a${id}`, type: 'content/unknown' },
  ...{ ctime: 0, mtime: 0, stime, creator: 'demo:ada', documents: [] },
});

beforeAll(() => {
  state.open(folder);
  state.commit(
    ...FOLDERS.map((path): Change => ['namespace', path, { id: 1, path, ctime: 0, creator: 'demo:ada', acl: [] }]),
  );
});
afterAll(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const change = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  namespace: fc.constantFrom(...FOLDERS),
  stime: fc.integer({ min: 1, max: 30 }),
  isGone: fc.boolean(),
});
const condition = fc.record({
  kind: fc.constant('namespace' as const),
  operator: fc.constantFrom('=' as const, '>' as const, '>=' as const),
  path: fc.constantFrom(...FOLDERS, '/none'),
});

it('tells what looking at every asset tells, whatever came, changed, moved and went before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 15 }),
      condition,
      fc.subarray(FOLDERS),
      async (changes, asked, readable) => {
        for (const { id, namespace, stime, isGone } of changes) {
          state.commit(['asset', String(id), isGone ? null : assetOf(id, namespace, stime)]);
          // Asked in between, so that what is known by then has to be kept right.
          state.stimesIn(namespace);
        }
        const holds = predicateOf(asked, { state, caller: 'demo:ada', assetOf: () => undefined });
        const found = [...state.all('asset')].filter((asset) => readable.includes(asset.namespace) && holds(asset));
        const stimes = found.map(({ stime }) => stime);
        expect(await summarize({ state }, [asked], (path) => readable.includes(path), new Turns())).toEqual({
          count: found.length,
          stimes: found.length === 0 ? undefined : { least: Math.min(...stimes), most: Math.max(...stimes) },
        });
      },
    ),
    { numRuns: 300 },
  );
});

it.each<[string, Condition[]]>([
  ['nothing in particular', []],
  ['another namespace', [{ kind: 'namespace', operator: '!=', path: '/x' }]],
  ['a namespace twice', ['/x', '/x'].map((path) => ({ kind: 'namespace', operator: '>=', path }))],
  ['contents', [{ kind: 'has-content' }]],
])('leaves to a look at every asset what asks for %s', async (_, conditions) => {
  expect(await summarize({ state }, conditions, () => true, new Turns())).toBeUndefined();
});
