// Moments that stand in a delivery once: revoked, gone, undeliverable; and what the person says of it, which can be taken
// back.

import { type Prepared, prepared, preparedRows, rows, type Tx } from '../database/index.js';

type Mark = 'revoked_at' | 'gone_at' | 'undeliverable_at' | 'done_at' | 'opted_out_at';

const markIn = (column: Mark): Prepared =>
  prepared(`update delivery set ${column} = $2 where id = $1 and ${column} is null returning id`);

const MARK: Record<Mark, Prepared> = {
  revoked_at: markIn('revoked_at'),
  gone_at: markIn('gone_at'),
  undeliverable_at: markIn('undeliverable_at'),
  done_at: markIn('done_at'),
  opted_out_at: markIn('opted_out_at'),
};

type Said = 'done_at' | 'opted_out_at';

/** $1 ids, $2 moments. Rows are held in the order of ids, as by everybody who holds several. */
const markAllIn = (column: Said): Prepared =>
  prepared(
    `update delivery d
        set ${column} = held.at
       from (select d.id, given.at
               from unnest((select $1::uuid[]), (select $2::timestamptz[])) as given (id, at)
               join delivery d on d.id = given.id
              where d.${column} is null
              order by d.id
                for no key update of d) held
      where d.id = held.id`,
  );
/** $1 ids. */
const unmarkAllIn = (column: Said): Prepared =>
  prepared(
    `update delivery d
        set ${column} = null
       from (select d.id
               from unnest((select $1::uuid[])) as given (id)
               join delivery d on d.id = given.id
              where d.${column} is not null
              order by d.id
                for no key update of d) held
      where d.id = held.id`,
  );

const MARK_ALL: Record<Said, Prepared> = {
  done_at: markAllIn('done_at'),
  opted_out_at: markAllIn('opted_out_at'),
};
const UNMARK_ALL: Record<Said, Prepared> = {
  done_at: unmarkAllIn('done_at'),
  opted_out_at: unmarkAllIn('opted_out_at'),
};

/** Marks the moment once; false when it was marked before. */
export async function markDelivery(tx: Tx, id: string, column: Mark, at: Date): Promise<boolean> {
  return (await preparedRows(tx, MARK[column], [id, at])).length > 0;
}

/** Marks each that is not marked yet. @param marks of each delivery at most one */
export async function markDeliveries(tx: Tx, column: Said, marks: readonly { id: string; at: Date }[]): Promise<void> {
  await preparedRows(tx, MARK_ALL[column], [marks.map(({ id }) => id), marks.map(({ at }) => at)]);
}

export async function unmarkDeliveries(tx: Tx, column: Said, ids: readonly string[]): Promise<void> {
  await preparedRows(tx, UNMARK_ALL[column], [ids]);
}

/** Takes the mark away, or only the one made at `markedAt`; false when there was none. */
export async function unmarkDelivery(tx: Tx, id: string, column: Said, markedAt?: Date): Promise<boolean> {
  const unmarked = await rows(
    tx,
    `update delivery
        set ${column} = null
      where id = $1
        and ${column} is not null
        and ($2::timestamptz is null or ${column} = $2)
  returning id`,
    [id, markedAt ?? null],
  );
  return unmarked.length > 0;
}
