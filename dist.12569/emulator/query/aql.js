// The query language of `where` (reference 6.1): `or`, `and`, `not` and parentheses over the conditions in terms.ts.
// What the reference does not name is a syntax error, never a guess.
import { Scanner } from './scanner.js';
import { parseTerm } from './terms.js';
const DEEPEST = 100;
/** @throws ServiceFault with `Syntax error` and `Context`, as clients look for them; also where it is nested too deeply */ export function parseQuery(text, now) {
    const scanner = new Scanner(text);
    let depth = 0;
    const deeper = (read)=>{
        if (depth === DEEPEST) throw scanner.error();
        depth += 1;
        const condition = read();
        depth -= 1;
        return condition;
    };
    const joined = (kind, read)=>{
        const of = [
            read()
        ];
        while(scanner.takeWord(kind) !== undefined)of.push(read());
        const [only] = of;
        return only && of.length === 1 ? only : {
            kind,
            of
        };
    };
    const or = ()=>joined('or', ()=>joined('and', not));
    const not = ()=>{
        if (scanner.takeWord('not') !== undefined) return {
            kind: 'not',
            of: deeper(not)
        };
        return scanner.isNext('sign', '(') ? inner() : parseTerm(context);
    };
    const inner = ()=>deeper(()=>{
            scanner.mustTake('sign', '(');
            const condition = or();
            scanner.mustTake('sign', ')');
            return condition;
        });
    const context = {
        scanner,
        now,
        inner,
        deeper
    };
    const condition = or();
    if (!scanner.isNext('end')) throw scanner.error();
    return condition;
}

//# sourceMappingURL=aql.js.map
