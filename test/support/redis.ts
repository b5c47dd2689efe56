// A Redis for a test: the one that `TEST_REDIS_URL` names, or a `redis-server` of its own.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { freePort } from './free-port.js';
import { freshFolder } from './folders.js';

export const isRedisInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** Where there is none, `npm test` names it among the parts that were not exercised. */
export const isRedisHere = process.env['TEST_REDIS_URL'] !== undefined || isRedisInstalled;

export interface TestRedis {
  url: string;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const given = process.env['TEST_REDIS_URL'];
  return given === undefined ? RedisServer.start() : { url: given, stop: () => Promise.resolve() };
}

/** A `redis-server` of our own, which keeps nothing on disk. */
export class RedisServer implements TestRedis {
  private constructor(
    private readonly port: number,
    private child: ChildProcess,
  ) {}

  static async start(): Promise<RedisServer> {
    const port = await freePort();
    return new RedisServer(port, await RedisServer.spawn(port));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restartEmpty(): Promise<void> {
    await this.stop();
    this.child = await RedisServer.spawn(this.port);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private static async spawn(port: number): Promise<ChildProcess> {
    const child = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', freshFolder()], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (text: Buffer) => (text.includes('Ready to accept') ? resolve() : undefined)),
    );
    return child;
  }
}
