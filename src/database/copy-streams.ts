// COPY of many rows in one pass with bounded memory, on a few connections of its own so that long streams never
// starve the statements of requests.

import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** One value of a row; `null` is SQL's null. */
export type CopyValue = string | number | null;

export class CopyStreams {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Streams `source`, pieces of text made of `copyLine`, into `table (columns)` and then runs `finish` in the same
   * transaction. What either throws undoes everything. Resolves to what `finish` answers.
   * @param prepare a statement that makes a temporary table to load into
   */
  async load<T>(
    table: string,
    columns: readonly string[],
    source: AsyncIterable<string>,
    finish: (client: pg.ClientBase) => Promise<T>,
    prepare?: string,
  ): Promise<T> {
    return this.connected(async (client) => {
      await client.query('begin');
      try {
        if (prepare !== undefined) await client.query(prepare);
        await pipeline(inChunks(source), client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`)));
        const answer = await finish(client);
        await client.query('commit');
        return answer;
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    });
  }

  /** The lines of a query with one column of text that holds no control characters, such as JSON. */
  async *lines(query: string): AsyncGenerator<Buffer> {
    const client = await this.pool.connect();
    let isWhole = false;
    try {
      // With a quote and a delimiter that cannot stand in the text, CSV is the text as it is.
      const stream = client.query(copyTo(`copy (${query}) to stdout (format csv, quote E'\\x01', delimiter E'\\x02')`));
      for await (const part of stream) yield part as Buffer;
      isWhole = true;
    } finally {
      // One whose COPY was cut in the middle is given up.
      client.release(!isWhole);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async connected<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      // A connection whose COPY was cut in the middle may be unusable: give it up.
      client.release(failure);
    }
  }
}

const CHUNK_CHARACTERS = 64 * 1024;

async function* inChunks(source: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const piece of source) {
    chunk += piece;
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(chunk, 'utf8');
      chunk = '';
    }
  }
  if (chunk.length > 0) yield Buffer.from(chunk, 'utf8');
}

/** A row in the text form of COPY. */
export function copyLine(values: readonly CopyValue[]): string {
  let line = '';
  for (const [index, value] of values.entries()) {
    if (index > 0) line += '\t';
    line += value === null ? '\\N' : typeof value === 'number' ? String(value) : escaped(value);
  }
  return `${line}\n`;
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

const escaped = (text: string): string =>
  /[\\\t\n\r\b\f\v]/.test(text)
    ? text.replace(/[\\\t\n\r\b\f\v]/g, (character) => ESCAPES[character] ?? character)
    : text;
