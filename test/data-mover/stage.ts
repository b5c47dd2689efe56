// A server, the emulator behind a counting proxy, a platform with a shareable, and the Data Mover as a process that can
// be killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { freshFolder } from '../support/folders.js';
import { writeSettings } from '../support/instrument.js';
import { type Finished, Program, root, settingsOf } from '../support/program.js';
import { until } from '../support/wait.js';
import { CountingProxy } from './counting-proxy.js';

export class Mover {
  stdout = '';
  stderr = '';
  readonly finished: Promise<Finished>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.finished = new Promise((resolve) =>
      child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr })),
    );
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.finished;
  }

  /** Waits until it has said something. */
  says(text: RegExp): Promise<true> {
    return until(`the Data Mover saying ${text.source}`, () => text.test(this.stdout + this.stderr) || undefined);
  }
}

/** Events that it printed with `--json`. */
export const eventsIn = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

export class Stage {
  program!: Program;
  readonly work = freshFolder();
  readonly settings = join(this.work, 'settings.xml');
  readonly state = join(this.work, 'state');
  platformId = '';

  private constructor(
    readonly emulator: RunningEmulator,
    readonly proxy: CountingProxy,
    private readonly env: Record<string, string>,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<Stage> {
    const emulator = await startEmulator({ port: 0, controlPort: 0, dataDir: join(freshFolder(), 'emulator') });
    const proxy = await CountingProxy.before(emulator.url);
    const stage = new Stage(emulator, proxy, { ...settingsOf(proxy.url), ...env });
    await stage.startServer();
    stage.platformId = await writeSettings(stage.program, stage.settings);
    return stage;
  }

  /** Again after it was killed, on the same data. */
  async startServer(): Promise<void> {
    this.program = await Program.start({ dataDir: join(this.work, 'data'), env: this.env });
  }

  mover(...args: string[]): Mover {
    return this.moverOn({}, ...args);
  }

  /** @param env settings of its own */
  moverWith(env: Record<string, string>, ...args: string[]): Mover {
    return this.moverOn({ env }, ...args);
  }

  /**
   * On a computer that is not as ours.
   * @param computer `under`: a command that starts the program, as one that takes rights away does
   */
  moverOn(
    computer: { nodeOptions?: string[]; env?: Record<string, string>; under?: readonly string[] },
    ...args: string[]
  ): Mover {
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(?:NODE_OPTIONS|INIT_CWD|(?:https?|no)_proxy)$/i.test(name)),
    );
    const { nodeOptions = [], env = {}, under = [] } = computer;
    const [program = process.execPath, ...first] = [...under, process.execPath, ...nodeOptions];
    return new Mover(
      spawn(program, [...first, join(root, 'dist', 'data-mover', 'main.js'), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...inherited, CI: 'true', DATA_MOVER_STATE: this.state, ...env },
      }),
    );
  }

  uploadArgs(folder: string, ...more: string[]): string[] {
    return ['upload', '--settings', this.settings, '--to', 'ada@example.org', '--json', ...more, folder];
  }

  upload(folder: string, ...more: string[]): Mover {
    return this.mover(...this.uploadArgs(folder, ...more));
  }

  async close(): Promise<void> {
    if (existsSync(join(this.work, 'data', 'endpoints.json'))) await this.program.stop();
    await this.proxy.close();
    await this.emulator.close();
  }
}
