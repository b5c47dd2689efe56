// Who is told of what must not stay unnoticed: the upload's operators, and where there are none the platform's contact.

import type { Tx } from '../../database/index.js';
import { parseAddress, type PersonsStore } from '../../persons/index.js';
import { operatorsOf } from './operators.js';

/** Ids of persons. */
export async function whomToTell(
  tx: Tx,
  persons: PersonsStore,
  { uploadId, contactEmail }: { uploadId: string; contactEmail: string },
): Promise<string[]> {
  const operators = await operatorsOf(tx, uploadId);
  const contact = parseAddress(contactEmail);
  return operators.length > 0 || !contact ? operators : [await persons.idOf(tx, contact)];
}
