// Who is told of what happens to an upload.

import { rows, type Tx } from '../database/index.js';

/** Ids of persons: the shareable's notification addresses, and the upload's operator. */
export async function operatorsOf(tx: Tx, uploadId: string): Promise<string[]> {
  const found = await rows<{ person_id: string }>(
    tx,
    `select n.person_id
       from upload u
       join upload_shareable_notify n on n.shareable_id = u.shareable_id
      where u.id = $1
      union
     select operator_person_id
       from upload
      where id = $1
        and operator_person_id is not null
      order by 1`,
    [uploadId],
  );
  return found.map((person) => person.person_id);
}
