// Reads the words, strings, numbers and signs of a query one after another (reference 6.1). Keywords may be in any case.
import { ServiceFault } from '../faults.js';
const SPACE = /\s*/y;
const SIGN = /<=|>=|!=|[=<>(),{}]/y;
/** A step of a document path may have a test in brackets. */ const WORD = /(?:\[[^\]]*\]|[^\s'"()=!<>,{}[])+/y;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** Where a path without quotes ends: before the next condition. */ const AFTER_PATH = /(?<!\s)\s+(?:and|or)(?=[\s(]|$)/iy;
const NO_PATH = /^(?:(?:and|or)(?=[\s(]|$)|$)/i;
const LONGEST_CONTEXT = 1_000;
export class Scanner {
    text;
    at = 0;
    /** The token that starts at `at`, and where it ends. */ ahead;
    constructor(text){
        this.text = text;
    }
    peek() {
        this.ahead ??= this.scan();
        return this.ahead.token;
    }
    next() {
        const token = this.peek();
        this.at = this.ahead?.end ?? this.at;
        this.ahead = undefined;
        return token;
    }
    isNext(type, text = '') {
        const token = this.peek();
        return token.type === type && token.text.toLowerCase() === text;
    }
    take(type, text) {
        const isThere = this.isNext(type, text);
        if (isThere) this.next();
        return isThere;
    }
    takeWord(...words) {
        return words.find((word)=>this.take('word', word));
    }
    mustTake(type, ...texts) {
        for (const text of texts)if (!this.take(type, text)) throw this.error();
    }
    comparison() {
        const { type, text } = this.peek();
        if (type !== 'sign' || !/^(?:[!<>]?=|[<>])$/.test(text)) throw this.error();
        this.next();
        return text;
    }
    string() {
        if (this.peek().type !== 'string') throw this.error();
        return this.next().text;
    }
    number() {
        if (this.peek().type !== 'number') throw this.error();
        return Number(this.next().text);
    }
    /** What stands in parentheses, as it stands; those inside it and in strings are part of it. */ parenthesised() {
        this.mustTake('sign', '(');
        const from = this.at;
        for(let depth = 1;;){
            const { type, text } = this.next();
            if (type === 'end') throw this.error();
            if (type !== 'sign') continue;
            if (text === '(') depth += 1;
            else if (text === ')') depth -= 1;
            if (depth === 0) return this.text.slice(from, this.at - 1).trim();
        }
    }
    /**
   * A path, in quotes or not: a client whose own reader of command lines took them off sends it bare. A bare one may
   * hold spaces and whole pairs of parentheses, and ends before `and`, `or` or a parenthesis that it did not open.
   */ path() {
        if (this.peek().type === 'string') return this.next().text;
        this.ahead = undefined;
        SPACE.lastIndex = this.at;
        SPACE.exec(this.text);
        const from = SPACE.lastIndex;
        let end = from;
        for(let depth = 0; end < this.text.length; end += 1){
            const character = this.text.charAt(end);
            AFTER_PATH.lastIndex = end;
            if (character === ')' && depth === 0 || AFTER_PATH.test(this.text)) break;
            if (character === '(') depth += 1;
            else if (character === ')') depth -= 1;
        }
        const path = this.text.slice(from, end).trim().replace(/\\ /g, ' ');
        if (NO_PATH.test(path)) throw this.error();
        this.at = end;
        return path;
    }
    error() {
        const context = this.text.slice(0, LONGEST_CONTEXT);
        return new ServiceFault(`Syntax error in query at ${this.at}: ${this.text.slice(this.at, this.at + 40)}\nContext: ${context}`);
    }
    scan() {
        SPACE.lastIndex = this.at;
        SPACE.exec(this.text);
        const from = SPACE.lastIndex;
        if (from === this.text.length) return {
            token: {
                type: 'end',
                text: ''
            },
            end: from
        };
        const quote = this.text.charAt(from);
        if (quote === "'" || quote === '"') return this.scanString(from, quote);
        for (const [type, shape] of [
            [
                'sign',
                SIGN
            ],
            [
                'word',
                WORD
            ]
        ]){
            shape.lastIndex = from;
            const text = shape.exec(this.text)?.[0];
            if (text === undefined) continue;
            const isNumber = type === 'word' && NUMBER.test(text);
            return {
                token: {
                    type: isNumber ? 'number' : type,
                    text
                },
                end: from + text.length
            };
        }
        throw this.error();
    }
    /** A backslash stands for itself, but before a quote or another backslash. */ scanString(from, quote) {
        let text = '';
        for(let at = from + 1; at < this.text.length; at += 1){
            const character = this.text.charAt(at);
            if (character === quote) return {
                token: {
                    type: 'string',
                    text
                },
                end: at + 1
            };
            const following = this.text.charAt(at + 1);
            const isEscape = character === '\\' && following !== '' && `'"\\`.includes(following);
            if (isEscape) at += 1;
            text += isEscape ? following : character;
        }
        throw this.error();
    }
}

//# sourceMappingURL=scanner.js.map
