// COPY of many rows in one pass with bounded memory, on a few connections of its own so that long streams never
// starve the statements of requests.

import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** One value of a row; `null` is SQL's null. */
export type CopyValue = string | number | null;

export class CopyStreams {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Streams `source` into `table (columns)` and then runs `finish` in the same transaction. What either throws
   * undoes everything. Resolves to what `finish` answers.
   * @param prepare a statement that makes a temporary table to load into
   */
  async load<T>(
    table: string,
    columns: readonly string[],
    source: AsyncIterable<readonly CopyValue[]>,
    finish: (client: pg.ClientBase) => Promise<T>,
    prepare?: string,
  ): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('begin');
      if (prepare !== undefined) await client.query(prepare);
      await pipeline(copyText(source), client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`)));
      const answer = await finish(client);
      await client.query('commit');
      return answer;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      await client.query('rollback').catch((rollbackError: Error) => {
        failure = rollbackError;
      });
      throw error;
    } finally {
      // A connection whose COPY was cut in the middle may be unusable: give it up.
      client.release(failure);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

const CHUNK_CHARACTERS = 256 * 1024;

async function* copyText(source: AsyncIterable<readonly CopyValue[]>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const values of source) {
    chunk += `${values.map(copyField).join('\t')}\n`;
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(chunk, 'utf8');
      chunk = '';
    }
  }
  if (chunk.length > 0) yield Buffer.from(chunk, 'utf8');
}

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** A value in the text form of COPY. */
function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);

  return value.replace(/[\\\t\n\r\b\f\v]/g, (character) => ESCAPES[character] ?? character);
}
