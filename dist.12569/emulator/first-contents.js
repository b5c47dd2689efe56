// What a new emulator holds: the users, projects and rights that the contract names; and what every one holds.
import { makeBuiltInTypes } from './built-in-types.js';
import { userChange } from './users.js';
import { el } from './xml/element.js';
const EVERYTHING = [
    ...[
        'access',
        'create',
        'administer',
        'destroy'
    ].map((word)=>`namespace:${word}`),
    ...[
        'access',
        'create',
        'modify',
        'destroy'
    ].map((word)=>`asset:${word}`),
    ...[
        'access',
        'modify'
    ].map((word)=>`asset-content:${word}`)
];
const READING = [
    'namespace:access',
    'asset:access',
    'asset-content:access'
];
const WRITING = EVERYTHING.filter((access)=>access !== 'namespace:administer');
/** Fills an empty state; one that holds anything only gains the built-in document types that it lacks. */ export function fillFirstContents(state, now) {
    if (!state.get('namespace', '/')) fillEmpty(state, now);
    makeBuiltInTypes(state);
}
function fillEmpty(state, now) {
    const namespace = (path, acl)=>[
            'namespace',
            path,
            {
                id: state.nextNumber(),
                path,
                ctime: now,
                creator: 'system:manager',
                acl: acl.map(([actor, access])=>{
                    const [actorType = '', ...name] = actor.split(':');
                    return {
                        actorType,
                        actorName: name.join(':'),
                        access
                    };
                })
            }
        ];
    const role = (name)=>[
            'role',
            name,
            {
                name,
                creator: 'system:manager'
            }
        ];
    const grant = (key, roles, permissions = {})=>[
            'grant',
            key,
            {
                roles,
                permissions
            }
        ];
    state.commit(role('system-administrator'), role('user'), role('service-user'), // An ordinary user may call every service that access lists govern, and make tokens of their own.
    grant('role:user', [], {
        '*': 'MODIFY'
    }), // The service account makes roles, grants to them and document types besides.
    grant('role:service-user', [
        'user'
    ], {
        '*': 'ADMINISTER'
    }), ...userChange(state, 'demo', 'operator', 'operator', [
        'user'
    ]), ...userChange(state, 'demo', 'researcher', 'researcher', [
        'user'
    ]), ...userChange(state, 'service', 'dispatch', 'dispatch', [
        'service-user'
    ]), ...userChange(state, 'system', 'manager', 'manager', [
        'system-administrator'
    ]), namespace('/', [
        [
            'role:user',
            [
                'namespace:access'
            ]
        ]
    ]), namespace('/projects', [
        [
            'role:user',
            [
                'namespace:access'
            ]
        ]
    ]), namespace(MICROSCOPY, [
        [
            'user:demo:operator',
            READING
        ],
        [
            'user:service:dispatch',
            EVERYTHING
        ]
    ]), namespace('/projects/proj-researcher-1128.4.20', [
        [
            'user:demo:researcher',
            WRITING
        ]
    ]), [
        'docNamespace',
        'dispatch',
        {
            name: 'dispatch'
        }
    ], [
        'docType',
        'dispatch:project',
        {
            name: 'dispatch:project',
            definition: PROJECT_DOCUMENT,
            creator: 'system:manager'
        }
    ], [
        'asset',
        ...projectAsset(state, now)
    ]);
}
const MICROSCOPY = '/projects/proj-microscopy-1128.4.15';
const field = (name, type, children = [])=>el('element', children, {
        name,
        type,
        'min-occurs': 0
    });
const PROJECT_DOCUMENT = el('definition', [
    field('name', 'string'),
    field('contact', 'document', [
        field('name', 'string'),
        field('email', 'string')
    ])
]);
/** The project's metadata: an asset of its own directly in the project, which a query for the document finds. */ function projectAsset(state, now) {
    const id = state.nextNumber();
    const contact = el('contact', [
        el('name', 'Microscopy facility'),
        el('email', 'facility@example.org')
    ]);
    const document = el('dispatch:project', [
        el('name', 'Microscopy'),
        contact
    ]);
    return [
        String(id),
        {
            id,
            version: 1,
            vid: state.nextNumber(),
            namespace: MICROSCOPY,
            name: 'project',
            type: 'content/unknown',
            ctime: now,
            mtime: now,
            stime: state.nextNumber(),
            creator: 'system:manager',
            documents: [
                {
                    id: state.nextNumber(),
                    element: document
                }
            ]
        }
    ];
}

//# sourceMappingURL=first-contents.js.map
