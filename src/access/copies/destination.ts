// Where a copy may go: into a namespace that the user can write in, or a new one directly in such a namespace; not into the
// data themselves, which would then hold more than was uploaded, for everybody who fetches them.

import type { DeliveryFacts } from '../../deliveries/index.js';
import { sentence } from '../../language/index.js';
import type { UserSession } from '../../mediaflux/index.js';
import { CopyNotPossible } from '../access.errors.js';

/** `isNew`: it is to be made. @throws CopyNotPossible saying which is wrong; MediafluxError */
export async function mustBeWritable(
  session: UserSession,
  { dataNamespace }: Pick<DeliveryFacts, 'dataNamespace'>,
  destination: string,
): Promise<{ isNew: boolean }> {
  if (`${destination}/`.startsWith(`${dataNamespace}/`))
    throw new CopyNotPossible('destination', sentence('copyTrouble.ownData', { namespace: destination }));
  const here = await session.placeAt(destination);
  if (here === 'writable') return { isNew: false };
  if (here === 'read-only')
    throw new CopyNotPossible('destination', sentence('copyTrouble.readOnly', { namespace: destination }));
  const parent = destination.slice(0, destination.lastIndexOf('/'));
  const above = parent === '' ? 'missing' : await session.placeAt(parent);
  const places = { namespace: destination, parent: parent === '' ? '/' : parent };
  if (above === 'missing') throw new CopyNotPossible('destination', sentence('copyTrouble.parentMissing', places));
  if (above === 'read-only') throw new CopyNotPossible('destination', sentence('copyTrouble.parentReadOnly', places));
  return { isNew: true };
}
