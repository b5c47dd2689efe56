// Conditions on texts: of an asset's values by path, of all its words, and by function (reference 6.1).
import { not } from './conditions.js';
/** A comparison with a string, of which the case may not matter: `= 'v'`, `=ignore-case('v')`, `starts with 'v'`. */ export function textTestOf(scanner, words = []) {
    const word = scanner.takeWord(...words);
    if (word === 'starts' || word === 'ends') scanner.mustTake('word', 'with');
    const operator = word === 'like' ? '=' : word ?? scanner.comparison();
    if (scanner.takeWord('ignore-case') === undefined) return {
        operator,
        value: scanner.string()
    };
    return {
        operator,
        value: stringInParentheses(scanner),
        ignoreCase: true
    };
}
function stringInParentheses(scanner) {
    scanner.mustTake('sign', '(');
    const text = scanner.string();
    scanner.mustTake('sign', ')');
    return text;
}
/**
 * A document path may stand bare: `ns:doc/el='v'`, `mf-name/name='v'`, `note has value`. A word that could as well be
 * the name of a field is one only before `has value`.
 */ export function documentTest(context, path) {
    const { scanner } = context;
    const isPath = /^[\p{L}_][^/]*[:/-]/u.test(path) || scanner.isNext('word', 'has') || scanner.isNext('word', 'hasno');
    if (!isPath) throw scanner.error();
    return valueTest(context, path);
}
export function valueTest({ scanner }, path) {
    const has = scanner.takeWord('has', 'hasno');
    if (has !== undefined) {
        scanner.mustTake('word', 'value');
        return has === 'has' ? {
            kind: 'has-value',
            path
        } : not({
            kind: 'has-value',
            path
        });
    }
    if (scanner.takeWord('contains') !== undefined) {
        scanner.mustTake('word', 'literal');
        return {
            kind: 'values',
            path,
            test: {
                operator: 'contains',
                value: stringInParentheses(scanner)
            }
        };
    }
    if ([
        'like',
        'starts',
        'ends'
    ].some((word)=>scanner.isNext('word', word))) return {
        kind: 'values',
        path,
        test: textTestOf(scanner, [
            'like',
            'starts',
            'ends'
        ])
    };
    const operator = scanner.comparison();
    if (scanner.takeWord('ignore-case') !== undefined) return {
        kind: 'values',
        path,
        test: {
            operator,
            value: stringInParentheses(scanner),
            ignoreCase: true
        }
    };
    // Numbers and the words true and false stand without quotes.
    const { type, text } = scanner.next();
    if (type === 'sign' || type === 'end') throw scanner.error();
    return {
        kind: 'values',
        path,
        test: {
            operator,
            value: text
        }
    };
}
/** The server's own rules of what a word is are not known: here it is whatever stands between spaces, in any case. */ export function textTest({ scanner }) {
    const word = scanner.takeWord('contains', 'contains-all', 'contains-any', 'contains-no', 'contains-literal', 'contains-pattern');
    if (word === undefined) throw scanner.error();
    const form = /literal|pattern/.exec(word)?.[0] ?? scanner.takeWord('literal', 'pattern');
    const text = scanner.isNext('sign', '(') ? stringInParentheses(scanner) : scanner.string();
    const words = form === undefined ? text.split(/\s+/).filter((part)=>part !== '') : [
        text
    ];
    const isNegated = word === 'contains-no';
    const how = form === 'pattern' ? 'pattern' : isNegated || word === 'contains-any' ? 'any' : 'all';
    const test = {
        kind: 'text',
        words,
        how
    };
    return isNegated ? not(test) : test;
}
/** `function(starts-with(lowercase(xvalue('name')),'abc'))` and what can be made of the same parts. */ export function functionTest(context) {
    const { scanner } = context;
    scanner.mustTake('sign', '(');
    scanner.mustTake('word', 'starts-with');
    scanner.mustTake('sign', '(');
    const text = textExpression(context);
    scanner.mustTake('sign', ',');
    const start = textExpression(context);
    scanner.mustTake('sign', ')', ')');
    return {
        kind: 'starts-with',
        text,
        start
    };
}
function textExpression(context) {
    const { scanner } = context;
    if (scanner.peek().type === 'string') return {
        kind: 'literal',
        text: scanner.string()
    };
    if (scanner.takeWord('xvalue') !== undefined) return {
        kind: 'values',
        path: stringInParentheses(scanner)
    };
    scanner.mustTake('word', 'lowercase');
    return context.deeper(()=>{
        scanner.mustTake('sign', '(');
        const of = textExpression(context);
        scanner.mustTake('sign', ')');
        return {
            kind: 'lowercase',
            of
        };
    });
}

//# sourceMappingURL=value-terms.js.map
