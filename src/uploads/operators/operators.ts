// Who is told of what happens to an upload.

import { rows, type Tx } from '../../database/index.js';

/** SQL: is the person `person` told of the upload `u`? */
export const isOperatorOf = (person: string, u: string): string => `
  (${u}.operator_person_id = ${person}
   or exists (
        select
          from upload_shareable_notify n
         where n.shareable_id = ${u}.shareable_id
           and n.person_id = ${person}))`;

/** SQL: a row (`person_id`) for each person who is told of the upload `u`. */
export const operatorRows = (u: string): string => `
  select n.person_id
    from upload_shareable_notify n
   where n.shareable_id = ${u}.shareable_id
   union
  select ${u}.operator_person_id
   where ${u}.operator_person_id is not null`;

/** Ids of persons: the shareable's notification addresses, and the upload's operator. */
export async function operatorsOf(tx: Tx, uploadId: string): Promise<string[]> {
  const found = await rows<{ person_id: string }>(
    tx,
    `select o.person_id
       from upload u
      cross join lateral (${operatorRows('u')}) o
      where u.id = $1
      order by 1`,
    [uploadId],
  );
  return found.map((person) => person.person_id);
}
