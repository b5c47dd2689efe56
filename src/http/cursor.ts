// Lists are paged by a cursor that holds the sort key of the last item, so that a page costs the same anywhere.

import { z } from 'zod';
import { isId } from '../ids/index.js';
import { BadRequest } from './common.errors.js';

const LARGEST_PAGE = 1_000;
const USUAL_PAGE = 100;

/** `?limit=` and `?cursor=` of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(USUAL_PAGE),
  cursor: z.string().optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** A `Page` as the API describes it. */
export const shownPage = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('`?cursor=` of the next page; null: this is the last one.'),
  });

/** Makes a list answer of up to `limit` of the `limit + 1` rows that were asked for. */
export function pageOf<Row, Item>(
  rows: Row[],
  limit: number,
  item: (row: Row) => Item,
  key: (row: Row) => CursorKey,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), nextCursor: rows.length > limit && last ? encodeCursor(key(last)) : null };
}

export type CursorKey = readonly (string | number)[];

export const encodeCursor = (key: CursorKey): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** The key in a cursor of ours: ids, and whole numbers from 0. @throws BadRequest it is not one */
export function decodeCursor(cursor: string | undefined, shape: readonly ('id' | 'number')[]): CursorKey | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw Object.assign(badCursor(), { cause: error });
  }
  const fits =
    Array.isArray(key) &&
    key.length === shape.length &&
    key.every((part, index) => (shape[index] === 'id' ? typeof part === 'string' && isId(part) : isPlace(part)));
  if (!fits) throw badCursor();
  return key as CursorKey;
}

const isPlace = (part: unknown): boolean => Number.isSafeInteger(part) && (part as number) >= 0;

const badCursor = () =>
  new BadRequest('The cursor is not one that this list gave out; begin without it.', [
    { path: 'cursor', message: 'must be the nextCursor of the page before' },
  ]);
