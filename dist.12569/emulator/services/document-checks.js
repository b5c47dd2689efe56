// What a metadata document may hold, by the definition of its type (reference 3.3): the elements it names, as often as
// it says, with values of their types. Attributes are let through. The words of the first two errors are recorded
// (reference 1.5); the others are this emulator's own.
import { invalidArgument, ServiceFault } from '../faults.js';
import { parseDate } from '../formats.js';
import { attributeOf, childrenOf } from '../xml/element.js';
export const unknownType = (name)=>new ServiceFault(`The document type '${name}' is not known`);
/** @throws ServiceFault a type that is not known, or a document that its definition does not allow */ export function checkDocuments(state, documents) {
    for (const document of documents){
        const type = state.get('docType', document.name);
        if (!type) throw unknownType(document.name);
        checkElements({
            type: document.name,
            path: document.name
        }, type.definition, document);
    }
}
/** The name without the document's prefix: old clients prefix every child of a document too (reference 1.2). */ export function bareName(type, name) {
    const prefix = /^[^:]+:/.exec(type)?.[0];
    return prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
function checkElements(place, definition, given) {
    const known = childrenOf(definition, 'element');
    const counts = new Map();
    for (const element of given.children){
        const name = bareName(place.type, element.name);
        const one = known.find((candidate)=>attributeOf(candidate, 'name') === name);
        if (!one) throw new ServiceFault(`The document type '${place.type}' does not contain an element '${element.name}'`);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        const within = {
            type: place.type,
            path: `${place.path}/${name}`
        };
        checkValue(within.path, one, element);
        if (!takesAnything(one)) checkElements(within, one, element);
    }
    for (const one of known)checkOccurrences(place, one, counts.get(attributeOf(one, 'name') ?? '') ?? 0);
}
/** A nested document that names no elements of its own. */ const takesAnything = (definition)=>attributeOf(definition, 'type')?.toLowerCase() === 'document' && childrenOf(definition, 'element').length === 0;
/** Without `min-occurs` one is needed; without `max-occurs`, or with `infinity`, there is no most. */ function checkOccurrences(place, one, count) {
    const path = `${place.path}/${attributeOf(one, 'name') ?? ''}`;
    const least = Number(attributeOf(one, 'min-occurs') ?? '1');
    const most = Number(attributeOf(one, 'max-occurs') ?? 'NaN');
    if (count < least) throw invalidArgument(path, 'missing value');
    if (count > most) throw invalidArgument(path, `${count} values where ${most} may be`);
}
function checkValue(path, definition, given) {
    const type = attributeOf(definition, 'type')?.toLowerCase() ?? 'string';
    const isValid = type === 'enumeration' ? oneOf(definition) : VALUES[type];
    if (!isValid) return;
    const text = given.text.trim();
    if (text === '') throw invalidArgument(path, 'missing value');
    if (!isValid(text)) throw invalidArgument(path, `'${text}' is not a value of type ${type}`);
}
const wholeNumber = (bits)=>(text)=>{
        if (!/^[+-]?\d+$/.test(text)) return false;
        const value = BigInt(text.replace(/^\+/, ''));
        return value >= -(2n ** (bits - 1n)) && value < 2n ** (bits - 1n);
    };
const isNumber = (text)=>/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
/** Types whose values are more than text; every other type takes any. */ const VALUES = {
    integer: wholeNumber(32n),
    long: wholeNumber(64n),
    float: isNumber,
    double: isNumber,
    boolean: (text)=>/^(?:true|false|yes|no|1|0)$/i.test(text),
    date: isDate
};
/** A day of the calendar, with or without a time; nothing relative, such as `now`. */ function isDate(text) {
    const time = /^\d/.test(text) ? parseDate(text, 0) : undefined;
    return time !== undefined && new Date(time).getUTCDate() === Number.parseInt(text, 10);
}
/** The values that a definition lists, directly or in its restriction; undefined when it lists none. */ function oneOf(definition) {
    const listed = [
        definition,
        ...childrenOf(definition, 'restriction')
    ].flatMap((one)=>childrenOf(one, 'value'));
    return listed.length === 0 ? undefined : (text)=>listed.some((value)=>value.text.trim() === text);
}

//# sourceMappingURL=document-checks.js.map
