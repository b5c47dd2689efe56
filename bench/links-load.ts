// Sends one kind of request over a number of connections for some seconds and tells how it went: a process of its own, so
// that what it computes delays nobody. Argument: `Load` as JSON. Prints `Answers` as JSON.

import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

export interface Load {
  server: string;
  method: 'GET' | 'POST';
  /** Behind the token in the address. */
  suffix: string;
  /** A file with a token on each line; they are used in turn, from the one numbered `from`. */
  tokens: string;
  from: number;
  connections: number;
  seconds: number;
}

export interface Answers {
  count: number;
  seconds: number;
  /** Milliseconds within which 99 of 100 were answered. */
  p99: number;
  /** How many had which status. */
  statuses: Record<string, number>;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const tokens = readFileSync(load.tokens, 'utf8').trim().split('\n');
const pool = new Pool(load.server, { connections: load.connections, pipelining: 1 });
const took: number[] = [];
const statuses: Record<string, number> = {};
let next = load.from;

async function client(until: number): Promise<void> {
  while (performance.now() < until) {
    const number = next++ % tokens.length;
    const start = performance.now();
    const { statusCode, body } = await pool.request({
      method: load.method,
      path: `/s/${tokens[number]}${load.suffix}`,
      headers: {
        accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
        'accept-language': 'en-AU,en;q=0.7,de;q=0.3',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        // Everybody has an address of their own, as behind any reverse proxy.
        'x-forwarded-for': `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
        ...(load.method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(load.method === 'POST' ? { body: '' } : {}),
    });
    await body.dump();
    took.push(performance.now() - start);
    statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
  }
}

const start = performance.now();
await Promise.all(Array.from({ length: load.connections }, () => client(start + load.seconds * 1_000)));
const seconds = (performance.now() - start) / 1_000;
await pool.close();
took.sort((left, right) => left - right);
const answers: Answers = {
  count: took.length,
  seconds,
  p99: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
  statuses,
};
process.stdout.write(`${JSON.stringify(answers)}\n`);
