// What an instrument's computer does, call by call: uploads through the API, with files sent to Mediaflux itself.

import { writeFileSync } from 'node:fs';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { createNamespace, destroyFile, uploadFile } from '../../src/mediaflux/services/index.js';
import { Api, platformWith } from './api.js';
import type { Program } from './program.js';
import { until } from './wait.js';

export interface StartedUpload {
  id: string;
  folder: string;
  state: string;
  recipients: string[];
  warnings: string[];
  clientClockSkewSeconds: number | null;
  mediaflux: { url: string; namespace: string; token: string };
}

export interface UploadView extends Omit<StartedUpload, 'mediaflux'> {
  files: number;
  mismatches: { path: string; problem: string }[];
  deliveries: { id: string; recipient: string; state: string }[];
  verificationTrouble: string | null;
}

/** A valid start with only what matters written out. */
export const startOf = (fields: Record<string, unknown> = {}) => ({
  recipients: ['ada@example.org'],
  youngestFileTime: '2020-08-18T08:20:37Z',
  ...fields,
});

export const makePlatform = async (program: Program, fields: Record<string, unknown> = {}): Promise<string> =>
  (await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platformWith(fields))).id;

export interface MadeShareable {
  id: string;
  number: number;
  token: string;
  settingsXml: string;
}

export const makeShareable = (
  program: Program,
  platformId: string,
  fields: Record<string, unknown> = {},
): Promise<MadeShareable> =>
  program.admin.expect<MadeShareable>(201, 'POST', `/api/v1/admin/platforms/${platformId}/shareables`, {
    label: 'PC',
    ...fields,
  });

/** Writes the settings of an instrument's computer, for a platform of its own; answers the platform's id. */
export async function writeSettings(
  program: Program,
  file: string,
  platform: Record<string, unknown> = {},
  shareable: Record<string, unknown> = {},
): Promise<string> {
  const platformId = await makePlatform(program, platform);
  writeFileSync(file, (await makeShareable(program, platformId, shareable)).settingsXml);
  return platformId;
}

export class Instrument {
  readonly api: Api;

  constructor(
    private readonly server: string,
    readonly token: string,
  ) {
    this.api = new Api(server, token);
  }

  start(fields: Record<string, unknown> = {}): Promise<StartedUpload> {
    return this.api.expect<StartedUpload>(201, 'POST', '/api/v1/uploads', startOf(fields));
  }

  get(id: string): Promise<UploadView> {
    return this.api.expect<UploadView>(200, 'GET', `/api/v1/uploads/${id}`);
  }

  putManifest(id: string, body: string | ReadableStream): Promise<Response> {
    return fetch(`${this.server}/api/v1/uploads/${id}/manifest`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${this.token}` },
      ...(typeof body === 'string' ? {} : { duplex: 'half' }),
    });
  }

  /** Says that all is sent, and waits for the verdict. */
  async complete(id: string): Promise<UploadView> {
    await this.api.expect(202, 'POST', `/api/v1/uploads/${id}/complete`);
    return until(
      'the verdict',
      async () => {
        const found = await this.get(id);
        return found.state === 'verifying' ? undefined : found;
      },
      60_000,
    );
  }
}

/** The files of one upload in Mediaflux, with its own credential. */
export class Sender {
  private readonly transport: Transport;
  private readonly session: MediafluxSession;
  private readonly lines = new Map<string, string>();

  constructor(private readonly credential: StartedUpload['mediaflux']) {
    this.transport = new Transport(credential.url);
    this.session = new MediafluxSession({ transport: this.transport, credentials: { token: credential.token } });
  }

  /** Sends a file and adds its line to the manifest. */
  async send(path: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const content = { name: path, size: bytes.length, open: () => [bytes] };
    const stored = await uploadFile(this.session, `${this.credential.namespace}/${path}`, content);
    this.lines.set(path, JSON.stringify({ path, size: stored.size, crc32: stored.crc32 }));
  }

  makeFolder(path: string): Promise<void> {
    return createNamespace(this.session, `${this.credential.namespace}/${path}`);
  }

  destroy(path: string): Promise<void> {
    return destroyFile(this.session, `${this.credential.namespace}/${path}`);
  }

  get manifest(): string {
    return [...this.lines.values()].join('\n');
  }

  close(): Promise<void> {
    return this.transport.close();
  }
}
