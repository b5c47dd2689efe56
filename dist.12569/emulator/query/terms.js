// The conditions of a query one by one, by the word that each begins with (reference 6.1).
import { parseDate } from '../formats.js';
import { normalPath } from '../store/paths.js';
import { not } from './conditions.js';
import { documentTest, functionTest, textTest, textTestOf, valueTest } from './value-terms.js';
/** Nothing here has identifiers of the form 1.2.3, models, relationships or locks. */ const NOBODY = {
    kind: 'always',
    answer: false
};
export function parseTerm(context) {
    const { scanner } = context;
    if (scanner.peek().type !== 'word') throw scanner.error();
    const word = scanner.next().text;
    const keyword = word.toLowerCase();
    const parse = Object.hasOwn(TERMS, keyword) ? TERMS[keyword] : undefined;
    return parse ? parse(context) : documentTest(context, word);
}
const TERMS = {
    namespace: ({ scanner })=>{
        const operator = oneOf(scanner, [
            '=',
            '!=',
            '>',
            '>='
        ]);
        return {
            kind: 'namespace',
            operator,
            path: normalPath(scanner.path())
        };
    },
    name: ({ scanner })=>({
            kind: 'field',
            field: 'name',
            test: textTestOf(scanner, [
                'like',
                'starts'
            ])
        }),
    type: ({ scanner })=>({
            kind: 'field',
            field: 'type',
            test: textTestOf(scanner)
        }),
    ctype: ({ scanner })=>({
            kind: 'field',
            field: 'ctype',
            test: textTestOf(scanner)
        }),
    id: ({ scanner })=>scanner.takeWord('in') === undefined ? numberTest(scanner, 'id') : {
            kind: 'ids',
            values: numbers(scanner)
        },
    stime: ({ scanner })=>numberTest(scanner, 'stime'),
    csize: ({ scanner })=>numberTest(scanner, 'csize'),
    version: ({ scanner })=>{
        scanner.mustTake('word', 'count');
        return numberTest(scanner, 'version-count');
    },
    ctime: (context)=>timeTest(context, 'ctime'),
    mtime: (context)=>timeTest(context, 'mtime'),
    asset: ({ scanner })=>assetTest(scanner),
    content: ({ scanner })=>{
        scanner.takeWord('is');
        const state = scanner.takeWord('online', 'offline');
        if (state === undefined) throw scanner.error();
        // Every content lies in the emulator's own store.
        return state === 'online' ? {
            kind: 'has-content'
        } : NOBODY;
    },
    created: ({ scanner })=>({
            kind: 'created-by',
            user: account(scanner)
        }),
    modified: ({ scanner })=>({
            kind: 'modified-by',
            user: account(scanner)
        }),
    label: ({ scanner })=>{
        const operator = oneOf(scanner, [
            '=',
            '!='
        ]);
        const test = {
            kind: 'label',
            value: scanner.string()
        };
        return operator === '=' ? test : not(test);
    },
    text: textTest,
    function: functionTest,
    xpath: (context)=>valueTest(context, context.scanner.parenthesised()),
    related: relatedTest,
    cid: cidTest,
    model: ({ scanner })=>{
        const { operator } = textTestOf(scanner, [
            'starts',
            'contains'
        ]);
        return operator === '!=' ? not(NOBODY) : NOBODY;
    },
    acl: ({ scanner })=>{
        scanner.mustTake('word', 'for', 'role');
        return {
            kind: 'list-names-role',
            role: scanner.string()
        };
    },
    lock: lockTest
};
function oneOf(scanner, operators) {
    const operator = scanner.comparison();
    if (!operators.includes(operator)) throw scanner.error();
    return operator;
}
function account(scanner) {
    scanner.mustTake('word', 'by');
    return scanner.takeWord('me') === undefined ? scanner.string() : null;
}
const numberTest = (scanner, field)=>({
        kind: 'number',
        field,
        operator: scanner.comparison(),
        value: scanner.number()
    });
function numbers(scanner) {
    scanner.mustTake('sign', '(');
    const values = [
        scanner.number()
    ];
    while(scanner.take('sign', ','))values.push(scanner.number());
    scanner.mustTake('sign', ')');
    return values;
}
function timeTest({ scanner, now }, field) {
    const time = ()=>{
        const value = parseDate(scanner.string(), now);
        if (value === undefined) throw scanner.error();
        return value;
    };
    if (scanner.takeWord('in') === undefined) return {
        kind: 'time',
        field,
        operator: scanner.comparison(),
        value: time()
    };
    scanner.mustTake('word', 'range');
    const from = time();
    scanner.mustTake('word', 'to');
    return {
        kind: 'time-range',
        field,
        from,
        to: time()
    };
}
function assetTest(scanner) {
    const has = scanner.takeWord('has', 'hasno');
    if (has !== undefined) {
        scanner.mustTake('word', 'content');
        return has === 'has' ? {
            kind: 'has-content'
        } : not({
            kind: 'has-content'
        });
    }
    if (scanner.takeWord('is') !== undefined) {
        scanner.mustTake('word', 'collection');
        return {
            kind: 'is-collection'
        };
    }
    scanner.mustTake('word', 'in');
    scanner.takeWord('static');
    scanner.mustTake('word', 'collection');
    const deep = scanner.takeWord('or') !== undefined;
    if (deep) scanner.mustTake('word', 'subcollection', 'of');
    return {
        kind: 'collection',
        of: assetReference(scanner),
        deep
    };
}
/** An id, or `path=` with a path, the whole in quotes or the path or nothing. */ function assetReference(scanner) {
    if (scanner.takeWord('path') !== undefined) {
        scanner.mustTake('sign', '=');
        return `path=${scanner.path()}`;
    }
    const { type, text } = scanner.next();
    if (type !== 'number' && type !== 'string') throw scanner.error();
    return text;
}
/** `related to{relationship} (…)`, or `any` instead of a query; without a relationship it is any of them. */ function relatedTest({ scanner, inner }) {
    scanner.mustTake('word', 'to');
    if (scanner.take('sign', '{')) {
        if (scanner.next().type !== 'word') throw scanner.error();
        scanner.mustTake('sign', '}');
    }
    if (scanner.takeWord('any') === undefined) inner();
    return NOBODY;
}
function cidTest(context) {
    const { scanner } = context;
    const has = scanner.takeWord('has', 'hasno');
    if (has !== undefined) {
        scanner.mustTake('word', 'value');
        return has === 'has' ? NOBODY : not(NOBODY);
    }
    if (scanner.takeWord('contains') !== undefined) context.inner();
    else if (scanner.takeWord('contained') !== undefined) {
        scanner.mustTake('word', 'by');
        context.inner();
    } else if (scanner.takeWord('in') !== undefined) namedIdentifier(scanner);
    else if (scanner.takeWord('starts') !== undefined) {
        scanner.mustTake('word', 'with');
        namedIdentifier(scanner);
    } else {
        const operator = scanner.comparison();
        scanner.string();
        if (operator === '!=') return not(NOBODY);
    }
    return NOBODY;
}
function namedIdentifier(scanner) {
    if (scanner.takeWord('named') !== undefined) scanner.mustTake('word', 'id');
    scanner.string();
}
/** `lock name 'n'`, `lock type read`, `lock owner domain:user`. */ function lockTest({ scanner }) {
    const by = scanner.takeWord('name', 'type', 'owner');
    if (by === 'name') scanner.string();
    else if (by === 'type' && scanner.takeWord('read', 'write', 'any') === undefined) throw scanner.error();
    else if (by === 'owner' && ![
        'word',
        'string'
    ].includes(scanner.next().type)) throw scanner.error();
    else if (by === undefined) throw scanner.error();
    return NOBODY;
}

//# sourceMappingURL=terms.js.map
