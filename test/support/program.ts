// The built program as users run it: a process with a data folder of its own, on free ports.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './api.js';
import { cloneDatabase } from './clone.js';
import { freshFolder } from './folders.js';
import { Mailbox } from './mailbox.js';
import { until } from './wait.js';

/** The checkout, from `test/support` or from where it is built to. */
const here = import.meta.dirname;
export const root = join(here, ...(here.endsWith(join('dist', 'test', 'support')) ? ['..', '..', '..'] : ['..', '..']));

export interface Endpoints {
  server: string;
  database: string;
  mediaflux: string;
  smtp: string;
  mailbox: string;
}

export interface ProgramOptions {
  env?: Record<string, string>;
  /** One that an earlier run left; a fresh one otherwise. */
  dataDir?: string;
  /** A PostgreSQL of its own in the data folder, as users have it, instead of a database of the test run's. */
  hasOwnPostgres?: boolean;
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** With which the program uses an emulator elsewhere. */
export const settingsOf = (mediafluxUrl: string): Record<string, string> => ({
  MEDIAFLUX_URL: mediafluxUrl,
  MEDIAFLUX_DOMAIN: 'service',
  MEDIAFLUX_USER: 'dispatch',
  MEDIAFLUX_PASSWORD: 'dispatch',
});

const environment = (extra: Record<string, string>): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _, NODE_ENV: __, INIT_CWD: ___, ...inherited } = process.env;
  return { ...inherited, CI: 'true', ...extra };
};

/** By data folder: a database is found again by the next start, as the folder is. */
const databases = new Map<string, string>();

export class Program {
  output = '';
  private readonly exited: Promise<number | null>;

  private constructor(
    readonly child: ChildProcess,
    readonly dataDir: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  /**
   * Spawns without waiting; for starts that are to fail or to be killed. Its PostgreSQL is its own, unless `start` has
   * given the folder a database.
   */
  static spawn(options: ProgramOptions = {}): Program {
    const dataDir = options.dataDir ?? freshFolder();
    const database = databases.get(dataDir);
    const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment({
        DATA_DIR: dataDir,
        PORT: '0',
        EMULATOR_PORT: '0',
        MAILBOX_PORT: '0',
        LOG_LEVEL: 'warn',
        ...(database === undefined ? {} : { DATABASE_URL: database }),
        ...options.env,
      }),
    });
    return new Program(child, dataDir);
  }

  /** Resolves when it is ready. @throws Error what it said instead */
  static async start(options: ProgramOptions = {}): Promise<Program> {
    const dataDir = options.dataDir ?? freshFolder();
    const isGiven = options.hasOwnPostgres || options.env?.['DATABASE_URL'] !== undefined || databases.has(dataDir);
    // Outside a test run, as in a demonstration, all is the program's own.
    if (!isGiven && process.env['TEST_POSTGRES'] !== undefined) databases.set(dataDir, await cloneDatabase());
    const program = Program.spawn({ ...options, dataDir });
    await program.ready();
    return program;
  }

  async ready(): Promise<void> {
    let hasEnded = false;
    void this.exited.then(() => (hasEnded = true));
    await until(
      'the program being ready',
      async () => {
        if (hasEnded) throw new Error(`The program ended instead of starting:\n${this.output}`);
        // Where a killed one left its addresses, they are taken away at the start, at any moment.
        const told = this.told();
        const reply = told && (await fetch(`${told.server}/health/ready`).catch(() => undefined));
        return reply?.status === 200 ? true : undefined;
      },
      60_000,
    );
  }

  get endpoints(): Endpoints {
    const told = this.told();
    if (!told) throw new Error('The program has not told its addresses.');
    return { ...told, database: databases.get(this.dataDir) ?? told.database };
  }

  private told(): Endpoints | undefined {
    try {
      return JSON.parse(readFileSync(join(this.dataDir, 'endpoints.json'), 'utf8')) as Endpoints;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  get adminKey(): string {
    return readFileSync(join(this.dataDir, 'admin-key'), 'utf8').trim();
  }

  /** As `SECRET_KEY` takes it. */
  get secretKey(): string {
    return readFileSync(join(this.dataDir, 'secret-key'), 'utf8').trim();
  }

  /** With these, and those of Mediaflux, another copy of the program works beside this one. */
  get sharedSettings(): Record<string, string> {
    const { database, smtp, server } = this.endpoints;
    return {
      DATABASE_URL: database,
      // None where the mail server is not a part of this one.
      ...(smtp ? { SMTP_URL: smtp } : {}),
      ADMIN_API_KEY: this.adminKey,
      SECRET_KEY: this.secretKey,
      PUBLIC_URL: server,
    };
  }

  get admin(): Api {
    return new Api(this.endpoints.server, this.adminKey);
  }

  get mailbox(): Mailbox {
    return new Mailbox(this.endpoints.mailbox);
  }

  /** The program alone, as a crash does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  ended(): Promise<number | null> {
    return this.exited;
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exited;
  }
}

/** Runs one of the command line programs to its end. */
export function runCommand(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'run.mjs'), program, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(env),
  });
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export const dataMover = (args: readonly string[], state: string): Promise<Finished> =>
  runCommand('data-mover/main.js', args, { DATA_MOVER_STATE: state });
