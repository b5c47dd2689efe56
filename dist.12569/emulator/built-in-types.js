// Document types that every server has and that clients write without asking (reference 3.3). The fields of
// `arc.posix.attributes` are attested, their types and the other two documents' fields are this emulator's choice.
import { el } from './xml/element.js';
const field = (name, type)=>el('element', [], {
        name,
        type,
        'min-occurs': 0
    });
const DEFINITIONS = {
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
        field('acl', 'document')
    ],
    'mf-name': [
        field('name', 'string')
    ],
    'mf-note': [
        field('note', 'string')
    ]
};
/** Makes those that are missing, also in a data folder of an earlier version. */ export function makeBuiltInTypes(state) {
    const missing = Object.entries(DEFINITIONS).filter(([name])=>!state.get('docType', name));
    if (missing.length === 0) return;
    state.commit(...missing.map(([name, elements])=>[
            'docType',
            name,
            {
                name,
                definition: el('definition', elements),
                creator: 'system:manager'
            }
        ]));
}

//# sourceMappingURL=built-in-types.js.map
