// What a query asks for, once it has been read.

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** `=` takes `*` and `?` as a pattern. */
export interface TextTest {
  operator: Comparison | 'starts' | 'ends' | 'contains';
  value: string;
  ignoreCase?: boolean;
}

/** A text computed from an asset. */
export type TextExpression =
  { kind: 'literal'; text: string } | { kind: 'values'; path: string } | { kind: 'lowercase'; of: TextExpression };

export type NumberField = 'id' | 'stime' | 'csize' | 'version-count';

export type Condition =
  | { kind: 'and' | 'or'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  /** Asks for something that no asset has here, or that every one has. */
  | { kind: 'always'; answer: boolean }
  | { kind: 'namespace'; operator: Comparison; path: string }
  | { kind: 'field'; field: 'name' | 'type' | 'ctype'; test: TextTest }
  | { kind: 'number'; field: NumberField; operator: Comparison; value: number }
  | { kind: 'time'; field: 'ctime' | 'mtime'; operator: Comparison; value: number }
  | { kind: 'time-range'; field: 'ctime' | 'mtime'; from: number; to: number }
  | { kind: 'ids'; values: number[] }
  | { kind: 'has-content' }
  /** Null is the caller. */
  | { kind: 'created-by' | 'modified-by'; user: string | null }
  | { kind: 'collection'; of: string; deep: boolean }
  | { kind: 'is-collection' }
  | { kind: 'label'; value: string }
  | { kind: 'text'; words: string[]; how: 'all' | 'any' | 'pattern' }
  | { kind: 'starts-with'; text: TextExpression; start: TextExpression }
  | { kind: 'values'; path: string; test: TextTest }
  | { kind: 'has-value'; path: string }
  /** The access list that governs the asset has an entry for the role. */
  | { kind: 'list-names-role'; role: string };

export const not = (of: Condition): Condition => ({ kind: 'not', of });
