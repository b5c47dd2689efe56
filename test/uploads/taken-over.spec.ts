// Servers that die, or that others take for dead, while they take a manifest or verify: the next one goes on, and one
// that comes back changes nothing.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { Instrument, makePlatform, makeShareable, Sender, type StartedUpload } from '../support/instrument.js';
import { freshFolder, Program } from '../support/program.js';
import { until } from '../support/wait.js';

const work = freshFolder();
let emulator: RunningEmulator;
let options: { dataDir: string; env: Record<string, string> };
/** Its database lives on when it is killed. */
let first: Program;
let token: string;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: join(work, 'emulator') });
  options = {
    dataDir: join(work, 'data'),
    env: {
      MEDIAFLUX_URL: emulator.url,
      MEDIAFLUX_DOMAIN: 'service',
      MEDIAFLUX_USER: 'dispatch',
      MEDIAFLUX_PASSWORD: 'dispatch',
    },
  };
  first = await Program.start(options);
  ({ token } = await makeShareable(first, await makePlatform(first)));
});
afterAll(async () => {
  emulator.faults.clear();
  await first.stop();
  await emulator.close();
});

const instrumentOf = (program: Program): Instrument => new Instrument(program.endpoints.server, token);

async function sent(instrument: Instrument, paths: readonly string[]): Promise<[StartedUpload, Sender]> {
  const upload = await instrument.start();
  const sender = new Sender(upload.mediaflux);
  for (const path of paths) await sender.send(path, `content of ${path}`);
  expect((await instrument.putManifest(upload.id, sender.manifest)).status).toBe(204);
  return [upload, sender];
}

/** Says that all is sent, and comes back when the listing has begun, which hangs. */
async function verifying(instrument: Instrument, id: string, delayMs: number): Promise<void> {
  emulator.faults.forgetCalls();
  emulator.faults.set({ service: 'asset.query.iterate', times: 1, action: { delayMs } });
  await instrument.api.expect(202, 'POST', `/api/v1/uploads/${id}/complete`);
  await until('the listing to begin', () => (listings() > 0 ? true : undefined));
}

const listings = (): number =>
  emulator.faults.calls().filter(({ service, inner }) => [service, ...inner].includes('asset.query.iterate')).length;

const state = async (instrument: Instrument, id: string): Promise<string> => (await instrument.get(id)).state;

async function database<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: first.endpoints.database });
  await client.connect();
  return work(client).finally(() => client.end());
}

it('keeps the former manifest when the server is killed in the middle of the next one, and nothing of that', async () => {
  const [upload, sender] = await sent(instrumentOf(first), ['a', 'b']);
  const sending = request(`${first.endpoints.server}/api/v1/uploads/${upload.id}/manifest`, {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
  });
  const broken = new Promise((resolve) => sending.once('error', resolve));
  for (let number = 0; number < 20_000; number += 1)
    sending.write(`{"path":"half/${number}","size":1,"crc32":"00000000"}\n`);
  await database((client) =>
    until('PostgreSQL to hold some of it', async () => {
      const { rows } = await client.query('select 1 from pg_stat_progress_copy where tuples_processed > 10000');
      return rows.length > 0 ? true : undefined;
    }),
  );
  await first.kill();
  await broken;
  first = await Program.start(options);
  const instrument = instrumentOf(first);
  expect((await instrument.get(upload.id)).files).toBe(2);
  expect(
    await database(
      async (client) => (await client.query("select 1 from manifest_entry where path like 'half/%'")).rowCount,
    ),
  ).toBe(0);
  expect(await instrument.complete(upload.id)).toMatchObject({ state: 'complete', files: 2 });
  await sender.close();
});

it('verifies from the beginning after the server was killed in the middle of the listing', async () => {
  const [upload, sender] = await sent(instrumentOf(first), ['a', 'b']);
  await verifying(instrumentOf(first), upload.id, 60_000);
  await first.kill();
  emulator.faults.clear();
  first = await Program.start(options);
  const instrument = instrumentOf(first);
  expect(await state(instrument, upload.id)).toBe('verifying');
  await until(
    'the verdict',
    async () => ((await state(instrument, upload.id)) === 'complete' ? true : undefined),
    60_000,
  );
  expect(listings()).toBeGreaterThan(1);
  await sender.close();
});

it('leaves the verdict to the server that took a verification over, also when the first one comes back', async () => {
  const [upload, sender] = await sent(instrumentOf(first), ['a']);
  await verifying(instrumentOf(first), upload.id, 2_000);
  first.child.kill('SIGSTOP');
  await sender.send('late', 'late');
  const second = await Program.start({
    env: {
      ...options.env,
      DATABASE_URL: first.endpoints.database,
      SMTP_URL: first.endpoints.smtp,
      ADMIN_API_KEY: first.adminKey,
      SECRET_KEY: readFileSync(join(options.dataDir, 'secret-key'), 'utf8').trim(),
      PUBLIC_URL: first.endpoints.server,
    },
  });
  try {
    const instrument = instrumentOf(second);
    const mismatches = [{ path: 'late', problem: 'unexpected' }];
    await until(
      'the verdict of the second',
      async () => ((await state(instrument, upload.id)) === 'mismatch' ? true : undefined),
      90_000,
    );
    expect((await instrument.get(upload.id)).mismatches).toEqual(mismatches);
    const { mediaflux } = await instrument.api.expect<StartedUpload>(
      200,
      'POST',
      `/api/v1/uploads/${upload.id}/credential`,
    );
    const mending = new Sender(mediaflux);

    first.child.kill('SIGCONT');
    await until('the first to give it up', () =>
      first.output.includes('Another worker has taken this verification over') ? true : undefined,
    );
    expect(await instrument.get(upload.id)).toMatchObject({ state: 'mismatch', mismatches });
    await mending.destroy('late');
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    await mending.close();
  } finally {
    first.child.kill('SIGCONT');
    await second.stop();
    await sender.close();
  }
});
