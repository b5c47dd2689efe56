// A copy to a project as a program makes it, and its traces in an emulator that the test holds itself.

import pg from 'pg';
import { join } from 'node:path';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { Api, type Answer } from './api.js';
import { type Dispatched, dispatchTo } from './dispatched.js';
import { freshFolder } from './folders.js';
import { Program, settingsOf } from './program.js';
import { RawClient } from './raw-client.js';
import { until } from './wait.js';

export const RESEARCHER = { domain: 'demo', user: 'researcher', password: 'researcher' };
export const OWN_PROJECT = '/projects/proj-researcher-1128.4.20';

export interface CopyView {
  id: string;
  state: 'requested' | 'copying' | 'completed' | 'failed';
  files: number;
  reason?: string;
  resumable?: boolean;
}

interface Problem {
  detail: string;
  errors?: { path: string; message: string }[];
}

export class CopyStage {
  private serial = 0;

  private constructor(
    readonly emulator: RunningEmulator,
    public program: Program,
    public database: pg.Client,
    private readonly options: { dataDir: string; env: Record<string, string> },
  ) {}

  static async open(env: Record<string, string> = {}): Promise<CopyStage> {
    const work = freshFolder();
    const emulator = await startEmulator({ port: 0, dataDir: join(work, 'emulator') });
    const options = { dataDir: join(work, 'data'), env: { ...settingsOf(emulator.url), ...env } };
    const program = await Program.start(options);
    const database = new pg.Client({ connectionString: program.endpoints.database });
    await database.connect();
    return new CopyStage(emulator, program, database, options);
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.program.stop();
    await this.emulator.close();
  }

  /** As after a crash; the embedded database goes with it, and so does the connection to it. */
  async killAndStart(): Promise<void> {
    this.database.on('error', () => undefined);
    await this.program.kill();
    this.program = await Program.start(this.options);
    await this.database.end().catch(() => undefined);
    this.database = new pg.Client({ connectionString: this.program.endpoints.database });
    await this.database.connect();
  }

  /** An upload dispatched to one person of its own. */
  async dispatch(platform: Record<string, unknown> = {}, files?: Record<string, string>): Promise<Dispatched> {
    const name = `reader${this.serial++}`;
    const delivery = (await dispatchTo(this.program, [name], platform, files)).deliveries[name];
    if (!delivery) throw new Error('Nothing was dispatched.');
    return delivery;
  }

  get api(): Api {
    return new Api(this.program.endpoints.server);
  }

  path({ token }: Dispatched, rest = ''): string {
    return `/api/v1/shares/${token}/copies${rest}`;
  }

  ask(delivery: Dispatched, body: Record<string, unknown>, rest = ''): Promise<Answer<Problem & { id: string }>> {
    return this.api.call('POST', this.path(delivery, rest), body);
  }

  async begin(delivery: Dispatched, destination: string, logon: Record<string, unknown> = RESEARCHER): Promise<string> {
    const { id } = await this.api.expect<{ id: string }>(202, 'POST', this.path(delivery), { ...logon, destination });
    return id;
  }

  look(delivery: Dispatched, id: string): Promise<CopyView> {
    return this.api.expect<CopyView>(200, 'GET', this.path(delivery, `/${id}`));
  }

  ended(delivery: Dispatched, id: string): Promise<CopyView> {
    return until(
      'the copy to end',
      async () => {
        const copy = await this.look(delivery, id);
        return copy.state === 'completed' || copy.state === 'failed' ? copy : undefined;
      },
      60_000,
    );
  }

  /** Lets the first file of the next copy through and keeps the others waiting. */
  holdAfterFirst(): void {
    const action = { error: 'The server is in maintenance mode' };
    this.emulator.faults.set({ service: 'asset.create', after: 1, action });
  }

  /** The first file has arrived, and the next was kept waiting. */
  async isHeld(delivery: Dispatched, id: string): Promise<void> {
    await until('the copy to be held', async () => {
      const { files } = await this.look(delivery, id);
      return files === 1 && this.creations() > 1 ? true : undefined;
    });
  }

  /** Who was refused too often may try again at once. */
  async forgiveLogons(): Promise<void> {
    await this.database.query(`delete from rate_limit where key like 'copy_logon%'`);
  }

  letGo(): void {
    this.emulator.faults.clear();
  }

  creations(): number {
    return this.callsOf('asset.create');
  }

  callsOf(name: string): number {
    return this.emulator.faults.calls().filter(({ service, inner }) => [service, ...inner].includes(name)).length;
  }

  async as(account: { domain: string; user: string; password: string } = RESEARCHER): Promise<RawClient> {
    const client = new RawClient(this.emulator.url, account);
    await client.logon();
    return client;
  }

  async manager(): Promise<RawClient> {
    return this.as({ domain: 'system', user: 'manager', password: 'manager' });
  }

  /** Contents by path below the namespace, and the version of each: 1 where nobody has written it twice. */
  async held(namespace: string): Promise<Record<string, string>> {
    const client = await this.as();
    const found = await client.call(
      'asset.query',
      `<where>namespace&gt;='${namespace}'</where><action>get-path</action><size>infinity</size>`,
    );
    const entries = [...found.matchAll(/<path id="(\d+)" version="(\d+)">([^<]*)<\/path>/g)].map(
      async ([, id = '', version = '', path = '']) => {
        const reply = await client.get(`/mflux/content.mfjp?_skey=${client.session}&id=${id}`);
        return [path.slice(namespace.length + 1), `${await reply.text()} v${version}`] as const;
      },
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  /** A token is destroyed just after the end of its copy is recorded. */
  async tokensBecome(count: number): Promise<void> {
    await until(`${count} tokens of users`, async () => ((await this.tokens()) === count ? true : undefined));
  }

  /** Tokens of the researcher's that were made for copies and live. */
  async tokens(): Promise<number> {
    const described = await (await this.as()).call('secure.identity.token.describe');
    return described.split('<tag>instrument-dispatch copy</tag>').length - 1;
  }
}
