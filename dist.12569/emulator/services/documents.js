// Metadata documents of assets and their types (reference 3.3).
import { ADMINISTRATOR_ROLE } from '../access/actors.js';
import { invalidArgument, notAuthorized, ServiceFault } from '../faults.js';
import { attributeOf, child, childrenOf, el, isTrue, textOf } from '../xml/element.js';
import { bareName, checkDocuments, unknownType } from './document-checks.js';
import { needed, principals } from './service.js';
const ACTIONS = [
    'merge',
    'replace',
    'add',
    'remove'
];
/**
 * The documents of an asset after the `meta` arguments of a call. `replace` swaps documents of the same type, `add` puts
 * another beside it, `remove` takes away the document or, where it names fields, those; without an action fields merge.
 *
 * @param isChecked holds what comes out of it against the definitions
 * @throws ServiceFault an unknown action, or a document that its type does not allow
 */ export function changedDocuments(state, former, metas, isChecked) {
    let documents = former;
    for (const meta of metas){
        const action = actionOf(meta);
        for (const given of meta.children){
            if (isChecked && !state.get('docType', given.name)) throw unknownType(given.name);
            const changed = changedBy(action, state, documents, given);
            const touched = changed.filter((document)=>!documents.includes(document));
            if (isChecked) checkDocuments(state, touched.map((document)=>document.element));
            documents = changed;
        }
    }
    return documents;
}
function actionOf(meta) {
    const given = attributeOf(meta, 'action') ?? 'merge';
    const action = ACTIONS.find((known)=>known === given.toLowerCase());
    if (!action) throw invalidArgument('args/meta/@action', `'${given}' is not known; ${ACTIONS.join(', ')} are`);
    return action;
}
function changedBy(action, state, documents, given) {
    const standing = documents.find((document)=>document.element.name === given.name);
    if (action === 'remove') {
        if (given.children.length === 0) return documents.filter((document)=>document.element.name !== given.name);
        return documents.flatMap((document)=>document === standing ? withoutFields(document, given) : document);
    }
    if (action === 'add' || !standing) return [
        ...documents,
        {
            id: state.nextNumber(),
            element: given
        }
    ];
    const element = action === 'replace' ? given : mergeFields(standing.element, given);
    return documents.map((document)=>document === standing ? {
            ...document,
            element
        } : document);
}
function mergeFields(former, given) {
    const isGiven = isFieldOf(given);
    return {
        ...former,
        children: [
            ...former.children.filter((field)=>!isGiven(field)),
            ...given.children
        ]
    };
}
/** A document that loses all its fields goes. */ function withoutFields(document, given) {
    const isGiven = isFieldOf(given);
    const children = document.element.children.filter((field)=>!isGiven(field));
    return children.length === 0 ? [] : [
        {
            ...document,
            element: {
                ...document.element,
                children
            }
        }
    ];
}
function isFieldOf(document) {
    const names = new Set(document.children.map((field)=>bareName(document.name, field.name)));
    return (field)=>names.has(bareName(document.name, field.name));
}
/** The namespace of a prefix is made with its first type. A standing type is changed by whoever made it, and by administrators. */ function defineType(call, isUpdate) {
    const name = needed(call, 'type');
    const { state } = call.world;
    const namespace = /^([^:]+):/.exec(name)?.[1];
    const existing = state.get('docType', name);
    if (!isUpdate && existing) throw new ServiceFault(`The document type '${name}' already exists`);
    if (isUpdate && !existing && !isTrue(textOf(call.args, 'create'))) throw unknownType(name);
    if (existing) mustAdminister(call, existing, namespace);
    const creator = existing ? existing.creator : call.actor.owner;
    const definition = child(call.args, 'definition') ?? el('definition');
    const isNew = namespace !== undefined && !state.get('docNamespace', namespace);
    state.commit([
        'docType',
        name,
        {
            name,
            definition,
            ...creator === undefined ? {} : {
                creator
            }
        }
    ], ...isNew ? [
        [
            'docNamespace',
            namespace,
            {
                name: namespace
            }
        ]
    ] : []);
    return [];
}
/** One whose maker is not recorded, as older data folders have, is changed by whoever may call the service. */ function mustAdminister(call, type, namespace) {
    const { actor } = call;
    if (type.creator === undefined || type.creator === actor.owner || principals(call).has(ADMINISTRATOR_ROLE)) return;
    const what = namespace === undefined ? `document:type '${type.name}'` : `document:namespace '${namespace}:'`;
    throw notAuthorized(`user '${actor.name}' (id=${actor.id}) not granted ADMINISTER to ${what}`);
}
function defineNamespace(call) {
    const name = needed(call, 'namespace');
    call.world.state.commit([
        'docNamespace',
        name,
        {
            name
        }
    ]);
    return [];
}
export const documentServices = {
    'asset.doc.namespace.create': {
        access: 'ADMINISTER',
        run: defineNamespace
    },
    'asset.doc.namespace.update': {
        access: 'ADMINISTER',
        run: defineNamespace
    },
    'asset.doc.type.create': {
        access: 'ADMINISTER',
        run: (call)=>defineType(call, false)
    },
    'asset.doc.type.update': {
        access: 'ADMINISTER',
        run: (call)=>defineType(call, true)
    },
    'asset.doc.type.describe': {
        access: 'ACCESS',
        run (call) {
            const wanted = textOf(call.args, 'type');
            const namespace = textOf(call.args, 'namespace');
            const types = [
                ...call.world.state.all('docType')
            ].filter(({ name })=>(wanted === undefined || name === wanted) && (namespace === undefined || name.startsWith(`${namespace}:`)));
            if (wanted !== undefined && types.length === 0) throw unknownType(wanted);
            return types.map((type)=>el('type', [
                    describedDefinition(type.definition)
                ], {
                    name: type.name
                }));
        }
    }
};
const describedDefinition = (definition)=>el('definition', childrenOf(definition, 'element').map(describedElement));
const SHOWN_ATTRIBUTES = [
    'name',
    'type',
    'min-occurs',
    'max-occurs',
    'index',
    'label',
    'default'
];
const SHOWN_CHILDREN = [
    'description',
    'instructions',
    'restriction',
    'value',
    'attribute'
];
/** What the reference names of an element, and the values of an enumeration, which a reader needs too. */ function describedElement(element) {
    const attributes = SHOWN_ATTRIBUTES.map((name)=>[
            name,
            attributeOf(element, name)
        ]);
    const about = element.children.filter((one)=>SHOWN_CHILDREN.includes(one.name));
    return el('element', [
        ...about,
        ...childrenOf(element, 'element').map(describedElement)
    ], Object.fromEntries(attributes));
}

//# sourceMappingURL=documents.js.map
