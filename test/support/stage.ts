// What most tests of the server need: the built program on an emulator that faults can be asked of, and a client of its
// database. Started before the first test of a file or `describe`, and stopped after the last.

import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { join } from 'node:path';
import pg from 'pg';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { Instrument, makePlatform, makeShareable } from './instrument.js';
import { freshFolder } from './folders.js';
import { Program, settingsOf } from './program.js';
import { HeldRows } from './held-rows.js';
import { until } from './wait.js';

export interface StageOptions {
  /** Settings of the program beside those that name the emulator. */
  env?: Record<string, string>;
}

/** Sweeps that a test waits for come every second. What their usual pauses are worth, other tests show. */
export const PROMPT = { SWEEP_INTERVAL: 'PT1S' };

export class Stage {
  emulator!: RunningEmulator;
  program!: Program;
  database!: pg.Client;
  private readonly work = freshFolder();

  constructor(private readonly options: StageOptions) {}

  async open(): Promise<void> {
    this.emulator = await startEmulator({ port: 0, dataDir: join(this.work, 'emulator') });
    await this.startServer();
    this.database = new pg.Client({ connectionString: this.program.endpoints.database });
    await this.database.connect();
  }

  get faults(): RunningEmulator['faults'] {
    return this.emulator.faults;
  }

  get server(): string {
    return this.program.endpoints.server;
  }

  /** Also again after a kill, on the same data. */
  async startServer(): Promise<void> {
    this.program = await Program.start({
      dataDir: join(this.work, 'data'),
      env: { ...settingsOf(this.emulator.url), ...this.options.env },
    });
  }

  async restartServer(): Promise<void> {
    await this.program.stop();
    await this.startServer();
  }

  /** A shareable of a platform of its own. */
  async instrument(
    platform: Record<string, unknown> = {},
    shareable: Record<string, unknown> = {},
  ): Promise<Instrument> {
    const { token } = await makeShareable(this.program, await makePlatform(this.program, platform), shareable);
    return new Instrument(this.server, token);
  }

  holdRows(select: string, parameters: readonly unknown[]): Promise<HeldRows> {
    return HeldRows.hold(this.program.endpoints.database, select, parameters);
  }

  /** How often the emulator was asked for a service since its calls were forgotten, also inside another call. */
  callsOf(service: string): number {
    return this.faults.calls().filter((call) => [call.service, ...call.inner].includes(service)).length;
  }

  /**
   * Lets the next call of a service stand still until the faults are cleared.
   * @param after so many calls pass before
   * @returns waits until it has come
   */
  hold(service: string, after = 0): () => Promise<true> {
    this.faults.forgetCalls();
    this.faults.set({ service, after, times: 1, action: { hold: true } });
    return () => until(`${service} being called`, () => this.callsOf(service) > after || undefined);
  }

  /** As `hold`, of the next call whose arguments hold the text; others of that service go on. */
  holdSaying(service: string, saying: string): () => Promise<true> {
    const before = this.faults.heldCalls;
    this.faults.set({ service, saying, times: 1, action: { hold: true } });
    return () => until(`${service} being called with ${saying}`, () => this.faults.heldCalls > before || undefined);
  }

  async close(): Promise<void> {
    this.faults.clear();
    await this.database.end();
    await this.program.stop();
    await this.emulator.close();
  }
}

/** The stage of a file, or of the `describe` that it is called in. Faults end with each test. */
export function stageOf(options: StageOptions = {}): Stage {
  const stage = new Stage(options);
  beforeAll(() => stage.open());
  afterEach(() => stage.emulator.faults.clear());
  afterAll(() => stage.close());
  return stage;
}
