// What every service is given and gives.
import { principalsOf } from '../access/actors.js';
import { accessTo } from '../access/access-lists.js';
import { noNamespace, invalidArgument } from '../faults.js';
import { normalPath } from '../store/paths.js';
import { exactTextOf, textOf } from '../xml/element.js';
export const principals = (call)=>principalsOf(call.world.state, call.actor);
/** What the caller may do in a namespace. */ export const accessIn = (call, path)=>accessTo(call.world.state, principals(call), path);
/** The text of a needed argument. @throws ServiceFault missing */ export function needed(call, name) {
    const text = textOf(call.args, name);
    if (text === undefined || text === '') throw invalidArgument(`args/${name}`, 'missing value');
    return text;
}
/** The path in an argument. @throws ServiceFault missing */ export function neededPath(call, name = 'namespace') {
    const text = exactTextOf(call.args, name);
    if (text === undefined || text === '') throw invalidArgument(`args/${name}`, 'missing value');
    return normalPath(text);
}
/** A whole number in an argument. @throws ServiceFault not one, or below `least` */ export function wholeNumber(call, name, usual, least = 0) {
    const text = textOf(call.args, name);
    if (text === undefined || text === '') return usual;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) throw invalidArgument(`args/${name}`, `'${text}' is not a whole number from ${least} on`);
    return value;
}
/** A namespace that the caller may know of. @throws ServiceFault the same whether it is missing or shut */ export function visibleNamespace(call, path) {
    const namespace = call.world.state.get('namespace', path);
    if (!namespace || !accessIn(call, path)('namespace:access')) throw noNamespace(path);
    return namespace;
}

//# sourceMappingURL=service.js.map
