// Starts that came to nothing, because Mediaflux was away or refused: they use no limit up, nobody is told that they make
// no progress, and the same call goes on with them, held to the limits like a new one.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import pg from 'pg';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { Instrument, makePlatform, makeShareable, startOf, type StartedUpload } from '../support/instrument.js';
import { freshFolder, Program } from '../support/program.js';
import { until } from '../support/wait.js';

let emulator: RunningEmulator;
let program: Program;
let database: pg.Client;

beforeAll(async () => {
  const work = freshFolder();
  emulator = await startEmulator({ port: 0, dataDir: join(work, 'emulator') });
  program = await Program.start({
    dataDir: join(work, 'data'),
    env: {
      MEDIAFLUX_URL: emulator.url,
      MEDIAFLUX_DOMAIN: 'service',
      MEDIAFLUX_USER: 'dispatch',
      MEDIAFLUX_PASSWORD: 'dispatch',
    },
  });
  database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await database.end();
  await program.stop();
  await emulator.close();
});

const limited = async (limits: Record<string, unknown>, platform: Record<string, unknown> = {}) => {
  const fields = { limits, notify: ['ops@example.org'] };
  const { token } = await makeShareable(program, await makePlatform(program, platform), fields);
  return new Instrument(program.endpoints.server, token);
};
const start = (instrument: Instrument, fields: Record<string, unknown> = {}, key?: string) =>
  instrument.api.call<StartedUpload>(
    'POST',
    '/api/v1/uploads',
    startOf(fields),
    key === undefined ? {} : { 'idempotency-key': key },
  );
const refuse = (service: string) => emulator.faults.set({ service, action: { error: 'the disk of the log is full' } });

it.each(['asset.namespace.create', 'secure.identity.token.create'])(
  'a start that failed at %s uses up no limit',
  async (service) => {
    const instrument = await limited({ uploadsPerDay: 1, recipientsPerDay: 2 });
    refuse(service);
    for (let tries = 0; tries < 3; tries += 1) expect((await start(instrument)).status).toBe(503);
    emulator.faults.clear();
    const { limits } = await instrument.api.expect<{ limits: object }>(200, 'GET', '/api/v1/shareable');
    expect(limits).toMatchObject({ left: { uploads: 1, recipients: 2 } });
    expect((await start(instrument)).status).toBe(201);
    expect((await start(instrument)).status).toBe(429);
  },
);

it('a start that is repeated with its key is held to the limits as a new one is', async () => {
  const instrument = await limited({ uploadsPerDay: 2 });
  refuse('asset.namespace.create');
  for (const key of ['one', 'two']) expect((await start(instrument, {}, key)).status).toBe(503);
  emulator.faults.clear();
  const first = await start(instrument, {}, 'one');
  expect([first.status, (await start(instrument)).status]).toEqual([201, 201]);
  expect((await start(instrument, {}, 'two')).status).toBe(429);
  // The one that has begun goes on all the same, and counts once.
  const again = await start(instrument, {}, 'one');
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
});

it('a start that failed is not told of as a stall, is given up in silence, and goes on with its key all the same', async () => {
  const instrument = await limited({}, { stallNotice: 'PT1S', stallLimit: 'P2D' });
  refuse('asset.namespace.create');
  expect((await start(instrument, { name: 'silent' }, 'silent')).status).toBe(503);
  emulator.faults.clear();
  const told = await instrument.start({ name: 'control' });
  await program.mailbox.next('ops@example.org', /control makes no progress/, 60_000);
  await database.query(`update upload set last_progress_at = now() - interval '49 hours' where state = 'open'`);
  await program.mailbox.next('ops@example.org', /control was given up/, 60_000);
  const silent = await until('the failed start being given up', async () => {
    const found = await database.query<{ id: string }>(
      `select id from upload where name_suffix = 'silent' and state = 'abandoned'`,
    );
    return found.rows[0]?.id;
  });
  const subjects = (await program.mailbox.all()).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject.includes('silent'))).toEqual([]);
  const again = await start(instrument, { name: 'silent' }, 'silent');
  expect([again.status, again.body.id, again.body.state]).toEqual([201, silent, 'open']);
  expect(again.body.id).not.toBe(told.id);
});
