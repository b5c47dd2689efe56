// The slowest test files first, so that none of them is left alone at the end. Jest knows how long each took once it has
// run them here; on a clean checkout it would go by the size of the files, which says little.

import Sequencer from '@jest/test-sequencer';

/** Beginnings of paths, the slowest first. What is not here takes less than half a minute. */
const SLOW = [
  'test/crash/crash',
  'test/crash/',
  'test/browser/states',
  'test/launch/launch',
  'test/simulation/',
  'test/data-mover/watch',
  'test/uploads/verification',
  'test/uploads/many-clients',
  'test/uploads/credentials',
  'test/uploads/taken-over',
  'test/deliveries/credentials',
  'test/data-mover/',
  'test/auth/keys',
  'test/audit/verified-chains',
  'test/leaks/',
  'test/uploads/manifests',
  'test/http/contract',
  'test/copies/',
  'test/browser/',
];

const placeOf = ({ path, context }) => {
  const relative = path.slice(context.config.rootDir.length + 1).replaceAll('\\', '/');
  const place = SLOW.findIndex((beginning) => relative.startsWith(beginning));
  return place < 0 ? SLOW.length : place;
};

export default class SlowestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
