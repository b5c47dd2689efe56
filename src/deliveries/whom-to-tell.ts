// Who is told of what must not stay unnoticed: the upload's operators, and where there are none the platform's contact.

import type { Tx } from '../database/index.js';
import { parseAddress, type PersonsStore } from '../persons/index.js';
import { operatorsOf } from '../uploads/index.js';
import type { DeliveryFacts } from './delivery-facts.js';

/** Ids of persons. */
export async function whomToTell(
  tx: Tx,
  persons: PersonsStore,
  { uploadId, contactEmail }: Pick<DeliveryFacts, 'uploadId' | 'contactEmail'>,
): Promise<string[]> {
  const operators = await operatorsOf(tx, uploadId);
  const contact = parseAddress(contactEmail);
  return operators.length > 0 || !contact ? operators : [await persons.idOf(tx, contact)];
}
