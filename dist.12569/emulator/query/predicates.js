// What a query asks for, made into a question that is then put to one asset after another.
import { governing } from '../access/access-lists.js';
import { comparing, testing } from './comparing.js';
import { globMatcher } from './glob.js';
import { isWholeDocument, documentTypeIn, readerOf } from './values.js';
export function predicateOf(condition, asker) {
    const { state } = asker;
    switch(condition.kind){
        case 'and':
            {
                const all = condition.of.map((part)=>predicateOf(part, asker));
                return (asset)=>all.every((holds)=>holds(asset));
            }
        case 'or':
            {
                const any = condition.of.map((part)=>predicateOf(part, asker));
                return (asset)=>any.some((holds)=>holds(asset));
            }
        case 'not':
            {
                const holds = predicateOf(condition.of, asker);
                return (asset)=>!holds(asset);
            }
        case 'always':
            return ()=>condition.answer;
        case 'namespace':
            return inNamespace(condition.operator, condition.path);
        case 'field':
            return ofField(condition);
        case 'number':
            return ofNumber(state, condition);
        case 'time':
            {
                const test = comparing(condition.operator, condition.value);
                return (asset)=>test(asset[condition.field]);
            }
        case 'time-range':
            return (asset)=>asset[condition.field] >= condition.from && asset[condition.field] <= condition.to;
        case 'ids':
            {
                const ids = new Set(condition.values);
                return (asset)=>ids.has(asset.id);
            }
        case 'has-content':
            return (asset)=>asset.content !== undefined;
        case 'created-by':
            {
                const user = condition.user ?? asker.caller;
                return (asset)=>asset.creator === user;
            }
        case 'modified-by':
            {
                const user = condition.user ?? asker.caller;
                return (asset)=>(asset.modifier ?? asset.creator) === user;
            }
        case 'collection':
            return inCollection(asker, condition);
        case 'is-collection':
            return (asset)=>asset.isCollection === true;
        case 'label':
            return (asset)=>asset.labels?.includes(condition.value) === true;
        case 'text':
            return ofWords(condition);
        case 'starts-with':
            return startingWith(state, condition);
        case 'values':
            {
                const [read, test] = [
                    readerOf(condition.path),
                    testing(condition.test)
                ];
                return (asset)=>read(state, asset).some(test);
            }
        case 'has-value':
            return havingValue(state, condition.path);
        case 'list-names-role':
            return withRoleInList(state, condition.role);
    }
}
/** Assets that follow one another mostly lie in one namespace. */ function perNamespace(answer) {
    let latest;
    return ({ namespace })=>{
        if (latest?.path !== namespace) latest = {
            path: namespace,
            answer: answer(namespace)
        };
        return latest.answer;
    };
}
function inNamespace(operator, wanted) {
    const start = wanted === '/' ? '/' : `${wanted}/`;
    switch(operator){
        case '=':
            return (asset)=>asset.namespace === wanted;
        case '!=':
            return (asset)=>asset.namespace !== wanted;
        case '>=':
            return perNamespace((path)=>path === wanted || path.startsWith(start));
        default:
            return perNamespace((path)=>path !== wanted && path.startsWith(start));
    }
}
function ofField({ field, test }) {
    const holds = testing(test);
    const valueOf = {
        name: nameOf,
        type: (asset)=>asset.type,
        ctype: contentTypeOf
    }[field];
    return (asset)=>{
        const value = valueOf(asset);
        return value == null ? test.operator === '!=' : holds(value);
    };
}
const nameOf = (asset)=>asset.name;
const contentTypeOf = (asset)=>asset.content?.type;
function ofNumber(state, { field, operator, value }) {
    const holds = comparing(operator, value);
    const numberOf = {
        id: (asset)=>asset.id,
        stime: (asset)=>asset.stime,
        csize: (asset)=>asset.content?.size,
        'version-count': (asset)=>state.formerVersions(asset.id).length + 1
    };
    const read = numberOf[field];
    return (asset)=>{
        const number = read(asset);
        return number !== undefined && holds(number);
    };
}
function inCollection(asker, { of, deep }) {
    const collection = asker.assetOf(of)?.id;
    if (collection === undefined) return ()=>false;
    return (asset)=>{
        for(let at = asset; at?.parent !== undefined; at = asker.state.get('asset', at.parent)){
            if (at.parent === collection) return true;
            if (!deep) return false;
        }
        return false;
    };
}
/** Name, description and documents, in any case. */ function ofWords({ words, how }) {
    const wanted = words.map((word)=>word.toLowerCase());
    const tests = wanted.map((word)=>how === 'pattern' ? globMatcher(`*${word}*`) : (text)=>text.includes(word));
    return (asset)=>{
        const texts = [
            asset.name ?? '',
            asset.description ?? ''
        ];
        const gather = (element)=>{
            texts.push(element.text);
            element.children.forEach(gather);
        };
        for (const document of asset.documents)gather(document.element);
        const whole = texts.join('\n').toLowerCase();
        const holds = (test)=>test(whole);
        return how === 'any' ? tests.some(holds) : tests.every(holds);
    };
}
function startingWith(state, condition) {
    const [texts, starts] = [
        textsOf(state, condition.text),
        textsOf(state, condition.start)
    ];
    return (asset)=>{
        const possible = starts(asset);
        return texts(asset).some((text)=>possible.some((start)=>text.startsWith(start)));
    };
}
function textsOf(state, expression) {
    switch(expression.kind){
        case 'literal':
            return ()=>[
                    expression.text
                ];
        case 'values':
            {
                const read = readerOf(expression.path);
                return (asset)=>read(state, asset);
            }
        case 'lowercase':
            {
                const of = textsOf(state, expression.of);
                return (asset)=>of(asset).map((text)=>text.toLowerCase());
            }
    }
}
/** A path of a document alone asks whether the asset has the document. */ function havingValue(state, path) {
    const read = readerOf(path);
    const type = isWholeDocument(path) ? documentTypeIn(path) : undefined;
    return type === undefined ? (asset)=>read(state, asset).some((value)=>value !== '') : (asset)=>asset.documents.some((document)=>document.element.name === type);
}
const withRoleInList = (state, role)=>perNamespace((path)=>governing(state, path)?.acl.some((entry)=>entry.actorType === 'role' && entry.actorName === role) === true);

//# sourceMappingURL=predicates.js.map
