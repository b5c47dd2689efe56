// Document types that every server has and that clients write without asking (reference 3.3). The fields of
// `arc.posix.attributes` are attested, their types and the other two documents' fields are this emulator's choice.

import type { Change } from './store/journal.js';
import type { State } from './store/state.js';
import { el, type Element } from './xml/element.js';

const field = (name: string, type: string): Element => el('element', [], { name, type, 'min-occurs': 0 });

const DEFINITIONS: Record<string, Element[]> = {
  'arc.posix.attributes': [
    field('uid', 'long'),
    field('gid', 'long'),
    field('mode', 'integer'),
    field('ctime', 'long'),
    field('mtime', 'long'),
    field('owner', 'string'),
    field('group', 'string'),
    field('symlink', 'string'),
    // Its parts differ from system to system.
    field('acl', 'document'),
  ],
  'mf-name': [field('name', 'string')],
  'mf-note': [field('note', 'string')],
};

/** Makes those that are missing, also in a data folder of an earlier version. */
export function makeBuiltInTypes(state: State): void {
  const missing = Object.entries(DEFINITIONS).filter(([name]) => !state.get('docType', name));
  if (missing.length === 0) return;
  state.commit(
    ...missing.map(([name, elements]): Change => [
      'docType',
      name,
      { name, definition: el('definition', elements), creator: 'system:manager' },
    ]),
  );
}
