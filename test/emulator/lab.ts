// What most tests of the emulator need: one with its first contents, and clients that have logged on.

import { afterAll, beforeAll } from '@jest/globals';
import { type EmulatorOptions, type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { freshFolder } from '../support/folders.js';
import { RawClient, textIn } from '../support/raw-client.js';

export const LAB = '/projects/proj-researcher-1128.4.20';

export class Lab {
  readonly dataDir = freshFolder();
  emulator!: RunningEmulator;
  /** The researcher, who may write in `LAB`. */
  ada!: RawClient;
  manager!: RawClient;
  operator!: RawClient;
  service!: RawClient;

  async open(options: Partial<EmulatorOptions>): Promise<void> {
    this.emulator = await startEmulator({ port: 0, dataDir: this.dataDir, ...options });
    this.ada = await this.logon('demo', 'researcher');
    this.manager = await this.logon('system', 'manager');
    this.operator = await this.logon('demo', 'operator');
    this.service = await this.logon('service', 'dispatch');
  }

  async logon(domain: string, user: string, password = user): Promise<RawClient> {
    const client = new RawClient(this.emulator.url, { domain, user, password });
    await client.logon();
    return client;
  }

  async withToken(token: string): Promise<RawClient> {
    const client = new RawClient(this.emulator.url, { token });
    await client.logon();
    return client;
  }

  /** Makes an asset with this content at a path below `LAB`, and the namespaces on the way; its id. */
  async put(path: string, content: string | Buffer): Promise<string> {
    const [, namespace = '', name = ''] = /^(?:(.*)\/)?([^/]*)$/.exec(path) ?? [];
    const folder = namespace === '' ? LAB : `${LAB}/${namespace}`;
    const document = `<namespace create="true">${folder}</namespace><name>${name}</name>`;
    return textIn(await this.ada.upload(this.ada.request('asset.create', document), content), 'id');
  }

  /** Below `q` in `LAB`: `odd/f01.txt` of one byte, `even/f02.txt` of two, and so on to 21. */
  async putNumbered(): Promise<void> {
    for (let index = 1; index <= 21; index += 1)
      await this.put(`q/${index % 2 === 0 ? 'even' : 'odd'}/f${String(index).padStart(2, '0')}.txt`, 'x'.repeat(index));
  }
}

/** The emulator of a file. */
export function labOf(options: Partial<EmulatorOptions> = {}): Lab {
  const lab = new Lab();
  beforeAll(() => lab.open(options));
  afterAll(() => lab.emulator.close());
  return lab;
}
