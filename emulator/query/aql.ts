// The query language of `where` (reference 6.1): a lexer, a recursive-descent parser, and what a parsed query answers
// for one asset. What the reference does not name is a syntax error, never a guess.

import { parseDate } from '../formats.js';
import { ServiceFault } from '../faults.js';
import { normalPath } from '../store/paths.js';

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; of: Condition }
  | { kind: 'namespace'; operator: string; path: string }
  | { kind: 'field'; field: 'name' | 'type' | 'ctype'; operator: string; value: string }
  | { kind: 'number'; field: 'id' | 'stime' | 'csize' | 'version-count'; operator: string; value: number }
  | { kind: 'time'; field: 'ctime' | 'mtime'; operator: string; value: number }
  | { kind: 'time-range'; field: 'ctime' | 'mtime'; from: number; to: number }
  | { kind: 'ids'; values: number[] }
  | { kind: 'content'; has: boolean }
  | { kind: 'created-by' | 'modified-by'; user: string | null }
  | { kind: 'collection'; of: string; deep: boolean }
  | { kind: 'is-collection' }
  | { kind: 'label'; value: string }
  | { kind: 'text'; words: string[]; all: boolean }
  | { kind: 'name-starts-lowercase'; value: string }
  | { kind: 'xpath'; path: string; operator: string; value: string; ignoreCase: boolean }
  | { kind: 'has-value'; path: string; has: boolean };

interface Token {
  type: 'word' | 'string' | 'number' | 'operator' | 'path' | 'asset-path';
  text: string;
}

const LEXEMES =
  /\s*(?:(xpath\s*\(([^()]*)\))|'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(<=|>=|!=|=|<|>|\(|\)|,)|(-?\d+(?:\.\d+)?)(?![\w:.-])|path=((?:\\ |[^\s()])+)|([\p{L}_][\p{L}\p{N}_:./-]*))/iuy;

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    LEXEMES.lastIndex = at;
    const match = LEXEMES.exec(text);
    if (!match) throw syntaxError(text, at);
    at = LEXEMES.lastIndex;
    const string = match[3] ?? match[4];
    if (match[1] !== undefined) tokens.push({ type: 'path', text: (match[2] ?? '').trim() });
    else if (string !== undefined) tokens.push({ type: 'string', text: string.replace(/\\(.)/g, '$1') });
    else if (match[5] !== undefined) tokens.push({ type: 'operator', text: match[5] });
    else if (match[6] !== undefined) tokens.push({ type: 'number', text: match[6] });
    else if (match[7] !== undefined) tokens.push({ type: 'asset-path', text: `path=${match[7]}` });
    else tokens.push({ type: 'word', text: match[8] ?? '' });
  }
  return tokens;
}

const syntaxError = (query: string, at: number) =>
  new ServiceFault(`Syntax error in query at ${at}: ${query.slice(at, at + 40)}\nContext: ${query}`);

/** @throws ServiceFault with `Syntax error` and `Context`, as clients look for them */
export function parseQuery(text: string, now: number): Condition {
  return new Parser(text, tokenise(text), now).whole();
}

class Parser {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: Token[],
    private readonly now: number,
  ) {}

  whole(): Condition {
    const condition = this.or();
    if (this.position < this.tokens.length) throw this.error();
    return condition;
  }

  private or(): Condition {
    let left = this.and();
    while (this.takeWord('or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Condition {
    let left = this.not();
    while (this.takeWord('and')) left = { kind: 'and', left, right: this.not() };
    return left;
  }

  private not(): Condition {
    if (this.takeWord('not')) return { kind: 'not', of: this.not() };
    if (this.takeOperator('(')) {
      const inner = this.or();
      if (!this.takeOperator(')')) throw this.error();
      return inner;
    }
    return this.term();
  }

  private term(): Condition {
    const token = this.next();
    if (token.type === 'path') return this.valueTest(token.text);
    if (token.type !== 'word') throw this.error();
    const word = token.text.toLowerCase();
    switch (word) {
      case 'namespace':
        return { kind: 'namespace', operator: this.operator(), path: normalPath(this.string()) };
      case 'name':
        return this.nameTest();
      case 'type':
      case 'ctype':
        return { kind: 'field', field: word, operator: this.operator(), value: this.string() };
      case 'id':
        return this.takeWord('in') ? { kind: 'ids', values: this.numbers() } : this.numberTest('id');
      case 'stime':
      case 'csize':
        return this.numberTest(word);
      case 'version':
        this.mustTake('count');
        return this.numberTest('version-count');
      case 'ctime':
      case 'mtime':
        return this.timeTest(word);
      case 'asset':
        return this.assetTest();
      case 'content':
        // Every content lies in the emulator's own store.
        this.takeWord('is');
        this.mustTake('online');
        return { kind: 'content', has: true };
      case 'created':
      case 'modified':
        this.mustTake('by');
        return { kind: `${word}-by`, user: this.takeWord('me') ? null : this.string() };
      case 'label':
        this.mustTakeOperator('=');
        return { kind: 'label', value: this.string() };
      case 'text':
        return this.textTest();
      case 'function':
        return this.functionTest();
      default:
        // A document path may stand bare: `ns:doc/el='v'`.
        if (token.text.includes(':')) return this.valueTest(token.text);
        throw this.error();
    }
  }

  private nameTest(): Condition {
    if (this.takeWord('starts')) {
      this.mustTake('with');
      return { kind: 'field', field: 'name', operator: 'starts', value: this.string() };
    }
    const operator = this.takeWord('like') ? '=' : this.operator();
    return { kind: 'field', field: 'name', operator, value: this.string() };
  }

  private assetTest(): Condition {
    if (this.takeWord('has')) return this.endOfContent(true);
    if (this.takeWord('hasno')) return this.endOfContent(false);
    if (this.takeWord('is')) {
      this.mustTake('collection');
      return { kind: 'is-collection' };
    }
    this.mustTake('in');
    this.takeWord('static');
    this.mustTake('collection');
    let deep = false;
    if (this.takeWord('or')) {
      this.mustTake('subcollection');
      this.mustTake('of');
      deep = true;
    }
    const reference = this.next();
    if (!['number', 'string', 'asset-path'].includes(reference.type)) throw this.error();
    return { kind: 'collection', of: reference.text, deep };
  }

  private endOfContent(has: boolean): Condition {
    this.mustTake('content');
    return { kind: 'content', has };
  }

  private timeTest(field: 'ctime' | 'mtime'): Condition {
    if (this.takeWord('in')) {
      this.mustTake('range');
      const from = this.time();
      this.mustTake('to');
      return { kind: 'time-range', field, from, to: this.time() };
    }
    return { kind: 'time', field, operator: this.operator(), value: this.time() };
  }

  private time(): number {
    const time = parseDate(this.string(), this.now);
    if (time === undefined) throw this.error();
    return time;
  }

  private textTest(): Condition {
    const word = this.next().text.toLowerCase();
    const all = {
      contains: true,
      'contains-all': true,
      'contains-literal': true,
      'contains-any': false,
      'contains-no': false,
    }[word];
    if (all === undefined) throw this.error();
    this.mustTakeOperator('(');
    const literal = this.string();
    this.mustTakeOperator(')');
    const words = word === 'contains-literal' ? [literal] : literal.split(/\s+/).filter((part) => part !== '');
    const test: Condition = { kind: 'text', words, all };
    return word === 'contains-no' ? { kind: 'not', of: test } : test;
  }

  /** The one function that is attested: `function(starts-with(lowercase(xvalue('name')),'abc'))`. */
  private functionTest(): Condition {
    for (const part of ['(', 'starts-with', '(', 'lowercase', '(', 'xvalue', '(']) this.mustTakeText(part);
    if (this.string() !== 'name') throw this.error();
    for (const part of [')', ')', ',']) this.mustTakeText(part);
    const value = this.string();
    for (const part of [')', ')']) this.mustTakeText(part);
    return { kind: 'name-starts-lowercase', value };
  }

  private valueTest(path: string): Condition {
    if (this.takeWord('has')) return this.endOfHas(path, true);
    if (this.takeWord('hasno')) return this.endOfHas(path, false);
    if (this.takeWord('contains')) return this.wrapped(path, 'contains', false, 'literal');
    const operator = this.operator();
    if (this.peekWord('ignore-case')) return this.wrapped(path, operator, true, 'ignore-case');
    const value = this.next();
    if (value.type === 'operator') throw this.error();
    return { kind: 'xpath', path, operator, value: value.text, ignoreCase: false };
  }

  private wrapped(path: string, operator: string, ignoreCase: boolean, word: string): Condition {
    this.mustTake(word);
    this.mustTakeOperator('(');
    const value = this.string();
    this.mustTakeOperator(')');
    return { kind: 'xpath', path, operator, value, ignoreCase };
  }

  private endOfHas(path: string, has: boolean): Condition {
    this.mustTake('value');
    return { kind: 'has-value', path, has };
  }

  private numberTest(field: 'id' | 'stime' | 'csize' | 'version-count'): Condition {
    return { kind: 'number', field, operator: this.operator(), value: this.number() };
  }

  private numbers(): number[] {
    this.mustTakeOperator('(');
    const values = [this.number()];
    while (this.takeOperator(',')) values.push(this.number());
    this.mustTakeOperator(')');
    return values;
  }

  private operator(): string {
    const token = this.next();
    if (token.type !== 'operator' || !/^(=|!=|<=|>=|<|>)$/.test(token.text)) throw this.error();
    return token.text;
  }

  private string(): string {
    const token = this.next();
    if (token.type !== 'string') throw this.error();
    return token.text;
  }

  private number(): number {
    const token = this.next();
    if (token.type !== 'number') throw this.error();
    return Number(token.text);
  }

  private next(): Token {
    const token = this.tokens[this.position];
    if (!token) throw this.error();
    this.position += 1;
    return token;
  }

  private peekWord(word: string): boolean {
    const token = this.tokens[this.position];
    return token?.type === 'word' && token.text.toLowerCase() === word;
  }

  private takeWord(word: string): boolean {
    if (!this.peekWord(word)) return false;
    this.position += 1;
    return true;
  }

  private mustTake(word: string): void {
    if (!this.takeWord(word)) throw this.error();
  }

  private mustTakeOperator(operator: string): void {
    if (!this.takeOperator(operator)) throw this.error();
  }

  private mustTakeText(text: string): void {
    if (this.next().text.toLowerCase() !== text) throw this.error();
  }

  private takeOperator(operator: string): boolean {
    const token = this.tokens[this.position];
    if (token?.type !== 'operator' || token.text !== operator) return false;
    this.position += 1;
    return true;
  }

  private error(): ServiceFault {
    return syntaxError(this.text, 0);
  }
}
