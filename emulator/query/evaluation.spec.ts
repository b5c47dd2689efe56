import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../store/journal.js';
import type { AssetRecord } from '../store/records.js';
import { State } from '../store/state.js';
import { el } from '../xml/element.js';
import type { Condition } from './conditions.js';
import { evaluate, sortIds } from './evaluation.js';
import { candidates } from './narrowing.js';
import { type Asker, predicateOf } from './predicates.js';
import { sortedInTurns, Turns } from './turns.js';

const folder = mkdtempSync(join(tmpdir(), 'query-'));
const state = new State();
const asker: Asker = { state, caller: 'demo:ada', assetOf: (reference) => state.get('asset', reference) };
const everything = () => true;

const NAMES = ['a', 'b', 'c.txt'];
const FOLDERS = ['/', '/x', '/x/y', '/z'];
const TYPES = ['ns:doc', 'note'];

function assetOf(id: number): AssetRecord {
  const parent = id % 5 === 0 && id > 100 ? 100 + (id % 3) : undefined;
  return {
    id,
    version: 1,
    vid: id,
    namespace: FOLDERS[id % 4] ?? '/',
    name: id % 7 === 0 ? null : `${NAMES[id % 3] ?? ''}${id % 11 === 0 ? '' : id % 4}`,
    ...(parent === undefined ? {} : { parent }),
    ...(id >= 100 && id < 103 ? { isCollection: true } : {}),
    type: 'content/unknown',
    ctime: id,
    mtime: id,
    stime: id,
    creator: id % 2 === 0 ? 'demo:ada' : 'demo:bob',
    documents: id % 6 === 0 ? [{ id, element: el(TYPES[id % 4 === 0 ? 0 : 1] ?? '', [el('n', id % 5)]) }] : [],
  };
}

beforeAll(() => {
  state.open(folder);
  state.commit(
    ...FOLDERS.map((path): Change => ['namespace', path, { id: 1, path, ctime: 0, creator: 'demo:ada', acl: [] }]),
    ...Array.from({ length: 120 }, (_, index): Change => ['asset', String(index + 1), assetOf(index + 1)]),
  );
  // One that is changed goes to another place in its index, and one is gone.
  state.commit(['asset', '4', { ...assetOf(4), stime: 1_000 }], ['asset', '8', null]);
});
afterAll(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const { condition } = fc.letrec<{ condition: Condition; leaf: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
  ),
  leaf: fc.oneof(
    fc.record({
      kind: fc.constant('namespace' as const),
      operator: fc.constantFrom('=' as const, '!=' as const, '>' as const, '>=' as const),
      path: fc.constantFrom(...FOLDERS, '/none'),
    }),
    fc.record({
      kind: fc.constant('field' as const),
      field: fc.constant('name' as const),
      test: fc.record({
        operator: fc.constantFrom('=' as const, '!=' as const, 'starts' as const),
        value: fc.constantFrom('a', 'a1', 'A1', 'b*', 'c.txt?'),
        ignoreCase: fc.boolean(),
      }),
    }),
    fc.record({
      kind: fc.constant('ids' as const),
      values: fc.array(fc.integer({ min: 1, max: 130 }), { maxLength: 5 }),
    }),
    fc.record({
      kind: fc.constant('number' as const),
      field: fc.constant('id' as const),
      operator: fc.constantFrom('=' as const, '>' as const),
      value: fc.integer({ min: 1, max: 130 }),
    }),
    fc.record({
      kind: fc.constant('collection' as const),
      of: fc.constantFrom('100', '101', '1', 'none'),
      deep: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('has-value' as const), path: fc.constantFrom('ns:doc', 'note/n', 'name') }),
    fc.record({
      kind: fc.constant('values' as const),
      path: fc.constantFrom('ns:doc/n', 'meta/note/n', 'creator/user'),
      test: fc.record({ operator: fc.constantFrom('=' as const, '!=' as const), value: fc.constantFrom('1', 'ada') }),
    }),
    fc.record({ kind: fc.constant('always' as const), answer: fc.boolean() }),
  ),
}));

describe('an evaluation', () => {
  it('finds by its indexes what looking at every asset finds, in the order of ids', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(condition, { maxLength: 3 }), async (conditions) => {
        const holds = predicateOf({ kind: 'and', of: conditions }, asker);
        const expected = [...state.all('asset')].filter(holds).map((asset) => asset.id);
        expect([...(await evaluate(asker, conditions, everything, new Turns()))]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves out what the caller may not see', async () => {
    const ids = await evaluate(asker, [], (namespace) => namespace === '/z', new Turns());
    expect(ids.length).toBeGreaterThan(0);
    expect([...ids].every((id) => state.get('asset', id)?.namespace === '/z')).toBe(true);
  });

  it.each<[string, Condition, number]>([
    ['an id', { kind: 'number', field: 'id', operator: '=', value: 5 }, 1],
    ['ids', { kind: 'ids', values: [5, 6, 999] }, 2],
    ['a name', { kind: 'field', field: 'name', test: { operator: '=', value: 'a3' } }, 8],
    ['a document', { kind: 'has-value', path: 'note' }, 10],
    ['a value in a document', { kind: 'values', path: 'note/n', test: { operator: '=', value: '1' } }, 10],
    ['members', { kind: 'collection', of: '100', deep: false }, 2],
    ['what no asset has', { kind: 'always', answer: false }, 0],
  ])('looks only at few assets for %s', (_, wanted, expected) => {
    const looked = [...candidates(asker, [{ kind: 'namespace', operator: '>=', path: '/' }, wanted])];
    expect(looked).toHaveLength(expected);
  });

  it('sorts by several values, numbers as numbers, the rest in the order of ids', async () => {
    const ids = await evaluate(asker, [{ kind: 'ids', values: [9, 10, 2, 3, 110] }], everything, new Turns());
    const sorted = async (...keys: [path: string, isDescending: boolean][]) => [
      ...(await sortIds(
        asker,
        ids,
        keys.map(([path, isDescending]) => ({ path, isDescending })),
        new Turns(),
      )),
    ];
    expect(await sorted(['@id', true])).toEqual([110, 10, 9, 3, 2]);
    expect(await sorted(['creator/user', false])).toEqual([2, 10, 110, 3, 9]);
    expect(await sorted(['creator/user', true], ['stime', true])).toEqual([9, 3, 110, 10, 2]);
  });
});

describe('turns', () => {
  /** Each look at the clock finds it a millisecond later. */
  const turnsOfAFewLooks = () => {
    let now = 0;
    return new Turns(() => (now += 1));
  };

  it('let others in many times before a long evaluation is over', async () => {
    let others = 0;
    let isOver = false;
    const keepCounting = () => {
      others += 1;
      if (!isOver) setImmediate(keepCounting);
    };
    setImmediate(keepCounting);
    await evaluate(asker, [], everything, turnsOfAFewLooks());
    isOver = true;
    expect(others).toBeGreaterThan(10);
  });

  it('find an asset once that moves while they pass', async () => {
    const moving = state.get('asset', 12);
    if (!moving) throw new Error('There is no asset 12.');
    const evaluation = evaluate(
      asker,
      [
        { kind: 'namespace', operator: '>', path: '/' },
        { kind: 'has-value', path: '@id' },
      ],
      everything,
      turnsOfAFewLooks(),
    );
    setImmediate(() => state.commit(['asset', '12', { ...moving, namespace: '/z' }]));
    const ids = [...(await evaluation)];
    expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right));
  });

  it('sort as a sort in one go does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(20), fc.nat()), { maxLength: 2_000, size: 'max' }), async (items) => {
        const compare = (left: [number, number], right: [number, number]) => left[0] - right[0];
        expect(await sortedInTurns(items, compare, turnsOfAFewLooks())).toEqual([...items].sort(compare));
      }),
      { numRuns: 20 },
    );
  });
});
