// The query language of `where` (reference 6.1): a lexer, a recursive-descent parser, and what a parsed query answers
// for one asset. What the reference does not name is a syntax error, never a guess.

import { ServiceFault } from '../faults.js';
import { normalPath } from '../store/state.js';

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; of: Condition }
  | { kind: 'namespace'; operator: string; path: string }
  | { kind: 'field'; field: 'name' | 'type' | 'ctype'; operator: string; value: string }
  | { kind: 'number'; field: 'id' | 'stime' | 'csize'; operator: string; value: number }
  | { kind: 'ids'; values: number[] }
  | { kind: 'content'; has: boolean }
  | { kind: 'created-by'; user: string | null }
  | { kind: 'xpath'; path: string; operator: string; value: string }
  | { kind: 'has-value'; path: string; has: boolean };

interface Token {
  type: 'word' | 'string' | 'number' | 'operator' | 'path';
  text: string;
}

const LEXEMES =
  /\s*(?:(xpath\s*\(([^()]*)\))|'((?:\\.|[^'\\])*)'|(<=|>=|!=|=|<|>|\(|\)|,)|(-?\d+(?:\.\d+)?)(?![\w:.-])|([\p{L}_][\p{L}\p{N}_:./-]*))/uy;

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  LEXEMES.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    LEXEMES.lastIndex = at;
    const match = LEXEMES.exec(text);
    if (!match) throw syntaxError(text, at);
    at = LEXEMES.lastIndex;
    if (match[1] !== undefined) tokens.push({ type: 'path', text: (match[2] ?? '').trim() });
    else if (match[3] !== undefined) tokens.push({ type: 'string', text: match[3].replace(/\\(.)/g, '$1') });
    else if (match[4] !== undefined) tokens.push({ type: 'operator', text: match[4] });
    else if (match[5] !== undefined) tokens.push({ type: 'number', text: match[5] });
    else tokens.push({ type: 'word', text: match[6] ?? '' });
  }
  return tokens;
}

const syntaxError = (query: string, at: number) =>
  new ServiceFault(`Syntax error in query at ${at}: ${query.slice(at, at + 40)}\nContext: ${query}`);

/** @throws ServiceFault with `Syntax error` and `Context`, as clients look for them */
export function parseQuery(text: string): Condition {
  return new Parser(text, tokenise(text)).whole();
}

class Parser {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: Token[],
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
    switch (token.text.toLowerCase()) {
      case 'namespace':
        return { kind: 'namespace', operator: this.operator(), path: normalPath(this.string()) };
      case 'name':
        if (this.takeWord('starts')) {
          if (!this.takeWord('with')) throw this.error();
          return { kind: 'field', field: 'name', operator: 'starts', value: this.string() };
        }
        return {
          kind: 'field',
          field: 'name',
          operator: this.takeWord('like') ? '=' : this.operator(),
          value: this.string(),
        };
      case 'type':
      case 'ctype':
        return {
          kind: 'field',
          field: token.text.toLowerCase() as 'type' | 'ctype',
          operator: this.operator(),
          value: this.string(),
        };
      case 'id':
        return this.takeWord('in') ? { kind: 'ids', values: this.numbers() } : this.numberTest('id');
      case 'stime':
        return this.numberTest('stime');
      case 'csize':
        return this.numberTest('csize');
      case 'asset':
        if (this.takeWord('has') && this.takeWord('content')) return { kind: 'content', has: true };
        if (this.takeWord('hasno') && this.takeWord('content')) return { kind: 'content', has: false };
        throw this.error();
      case 'created':
        if (!this.takeWord('by')) throw this.error();
        return this.takeWord('me') ? { kind: 'created-by', user: null } : { kind: 'created-by', user: this.string() };
      default:
        // A document path may stand bare: `ns:doc/el='v'`.
        if (token.text.includes(':')) return this.valueTest(token.text);
        throw this.error();
    }
  }

  private valueTest(path: string): Condition {
    if (this.takeWord('has')) return this.endOfHas(path, true);
    if (this.takeWord('hasno')) return this.endOfHas(path, false);
    const operator = this.operator();
    const value = this.next();
    return { kind: 'xpath', path, operator, value: value.text };
  }

  private endOfHas(path: string, has: boolean): Condition {
    if (!this.takeWord('value')) throw this.error();
    return { kind: 'has-value', path, has };
  }

  private numberTest(field: 'id' | 'stime' | 'csize'): Condition {
    return { kind: 'number', field, operator: this.operator(), value: this.number() };
  }

  private numbers(): number[] {
    if (!this.takeOperator('(')) throw this.error();
    const values = [this.number()];
    while (this.takeOperator(',')) values.push(this.number());
    if (!this.takeOperator(')')) throw this.error();
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

  private takeWord(word: string): boolean {
    const token = this.tokens[this.position];
    if (token?.type !== 'word' || token.text.toLowerCase() !== word) return false;
    this.position += 1;
    return true;
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
