// Every assumption of docs/mediaflux-assumptions.md that a server can be asked about, in the order of their numbers there.

import { ACCESS_ASSUMPTIONS } from './access-assumptions.js';
import { ANSWER_ASSUMPTIONS } from './answer-assumptions.js';
import type { Assumption } from './assumption.js';
import { ARCHIVE_ASSUMPTIONS } from './archive-assumptions.js';
import { DATA_ASSUMPTIONS } from './data-assumptions.js';

export const ASSUMPTIONS: readonly Assumption[] = [
  ...ACCESS_ASSUMPTIONS,
  ...ANSWER_ASSUMPTIONS,
  ...DATA_ASSUMPTIONS,
  ...ARCHIVE_ASSUMPTIONS,
].sort((left, right) => left.number - right.number);
