// Servers that die, or that others take for dead, while they take a manifest or verify: the next one goes on, and one
// that comes back changes nothing.

import { beforeAll, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { Instrument, Sender, type StartedUpload } from '../support/instrument.js';
import { Program, settingsOf } from '../support/program.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const stage = stageOf({ env: PROMPT });
let token: string;
beforeAll(async () => {
  ({ token } = await stage.instrument());
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
async function verifying(instrument: Instrument, id: string): Promise<void> {
  const isListing = stage.hold('asset.query.iterate');
  await instrument.api.expect(202, 'POST', `/api/v1/uploads/${id}/complete`);
  await isListing();
}

const state = async (instrument: Instrument, id: string): Promise<string> => (await instrument.get(id)).state;

it('keeps the former manifest when the server is killed in the middle of the next one, and nothing of that', async () => {
  const [upload, sender] = await sent(instrumentOf(stage.program), ['a', 'b']);
  const sending = request(`${stage.server}/api/v1/uploads/${upload.id}/manifest`, {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
  });
  const broken = new Promise((resolve) => sending.once('error', resolve));
  for (let number = 0; number < 20_000; number += 1)
    sending.write(`{"path":"half/${number}","size":1,"crc32":"00000000"}\n`);
  await until('PostgreSQL to hold some of it', async () => {
    const { rows } = await stage.database.query(
      'select 1 from pg_stat_progress_copy where datname = current_database() and tuples_processed > 10000',
    );
    return rows.length > 0 ? true : undefined;
  });
  await stage.program.kill();
  await broken;
  await stage.startServer();
  const instrument = instrumentOf(stage.program);
  expect((await instrument.get(upload.id)).files).toBe(2);
  expect((await stage.database.query("select 1 from manifest_entry where path like 'half/%'")).rowCount).toBe(0);
  expect(await instrument.complete(upload.id)).toMatchObject({ state: 'complete', files: 2 });
  await sender.close();
});

it('verifies from the beginning after the server was killed in the middle of the listing', async () => {
  const [upload, sender] = await sent(instrumentOf(stage.program), ['a', 'b']);
  await verifying(instrumentOf(stage.program), upload.id);
  await stage.program.kill();
  stage.faults.clear();
  await stage.startServer();
  const instrument = instrumentOf(stage.program);
  expect(await state(instrument, upload.id)).toBe('verifying');
  await until(
    'the verdict',
    async () => ((await state(instrument, upload.id)) === 'complete' ? true : undefined),
    60_000,
  );
  expect(stage.callsOf('asset.query.iterate')).toBeGreaterThan(1);
  await sender.close();
});

it('leaves the verdict to the server that took a verification over, also when the first one comes back', async () => {
  const first = stage.program;
  const [upload, sender] = await sent(instrumentOf(first), ['a']);
  await verifying(instrumentOf(first), upload.id);
  first.child.kill('SIGSTOP');
  stage.faults.clear();
  await sender.send('late', 'late');
  const second = await Program.start({
    env: { ...settingsOf(stage.emulator.url), ...first.sharedSettings, ...PROMPT },
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

it('compares what is said anew, also while a match of what was said before is still written down', async () => {
  const instrument = instrumentOf(stage.program);
  const [upload, former] = await sent(instrument, ['a']);
  const isWritten = stage.holdSaying('asset.set', `${upload.folder}/manifest.ndjson`);
  await instrument.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
  await isWritten();
  await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${upload.id}`);
  const path = `/api/v1/uploads/${upload.id}/credential`;
  const { mediaflux } = await instrument.api.expect<StartedUpload>(200, 'POST', path);
  const sender = new Sender(mediaflux);
  await sender.send('b', 'content');
  const lines = `{"path":"a","size":12,"crc32":"00000000"}\n${sender.manifest}`;
  expect((await instrument.putManifest(upload.id, lines)).status).toBe(204);
  await instrument.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
  stage.faults.clear();
  await until('the verdict', async () => ((await state(instrument, upload.id)) === 'verifying' ? undefined : true));
  expect(await instrument.get(upload.id)).toMatchObject({
    state: 'mismatch',
    mismatches: [{ path: 'a', problem: 'checksum' }],
    deliveries: [],
  });
  await former.close();
  await sender.close();
});
