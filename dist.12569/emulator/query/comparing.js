// Comparisons of one value with what a query gives, made ready once for a whole query.
import { globMatcher, isPattern } from './glob.js';
export function comparing(operator, wanted) {
    switch(operator){
        case '=':
            return (actual)=>actual === wanted;
        case '!=':
            return (actual)=>actual !== wanted;
        case '<':
            return (actual)=>actual < wanted;
        case '<=':
            return (actual)=>actual <= wanted;
        case '>':
            return (actual)=>actual > wanted;
        case '>=':
            return (actual)=>actual >= wanted;
    }
}
/** `=` takes `*` and `?` as a pattern; an order is that of numbers where both are numbers. */ export function testing({ operator, value, ignoreCase = false }) {
    if (ignoreCase) {
        const test = testing({
            operator,
            value: value.toLowerCase()
        });
        return (actual)=>test(actual.toLowerCase());
    }
    switch(operator){
        case 'starts':
            return (actual)=>actual.startsWith(value);
        case 'ends':
            return (actual)=>actual.endsWith(value);
        case 'contains':
            return (actual)=>actual.includes(value);
        case '=':
            return isPattern(value) ? globMatcher(value) : comparing('=', value);
        case '!=':
            {
                const isEqual = testing({
                    operator: '=',
                    value
                });
                return (actual)=>!isEqual(actual);
            }
        default:
            {
                const [byText, byNumber] = [
                    comparing(operator, value),
                    comparing(operator, numberIn(value))
                ];
                if (Number.isNaN(numberIn(value))) return byText;
                return (actual)=>{
                    const number = numberIn(actual);
                    return Number.isNaN(number) ? byText(actual) : byNumber(number);
                };
            }
    }
}
const numberIn = (text)=>text.trim() === '' ? Number.NaN : Number(text);

//# sourceMappingURL=comparing.js.map
