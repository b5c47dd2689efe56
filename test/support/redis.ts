// A Redis for a test: the one that `TEST_REDIS_URL` names, or a `redis-server` of its own.

import { spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { freshFolder } from './program.js';

/** Where there is none, `npm test` names it among the parts that were not exercised. */
export const isRedisHere =
  process.env['TEST_REDIS_URL'] !== undefined || spawnSync('redis-server', ['--version']).status === 0;

export interface TestRedis {
  url: string;
  stop(): void;
}

export async function startRedis(): Promise<TestRedis> {
  const given = process.env['TEST_REDIS_URL'];
  if (given !== undefined) return { url: given, stop: () => undefined };
  const port = await freePort();
  const redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', freshFolder()], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve) =>
    redis.stdout.on('data', (text: Buffer) => (text.includes('Ready to accept') ? resolve() : undefined)),
  );
  return { url: `redis://127.0.0.1:${port}`, stop: () => void redis.kill() };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
