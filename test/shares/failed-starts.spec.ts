// Starts that came to nothing, because Mediaflux was away or refused: they use no limit up, nobody is told that they make
// no progress, and the same call goes on with them, held to the limits like a new one.

import { expect, it } from '@jest/globals';
import { Instrument, makePlatform, makeShareable, startOf, type StartedUpload } from '../support/instrument.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const stage = stageOf({ env: PROMPT });

const limited = async (limits: Record<string, unknown>, platform: Record<string, unknown> = {}) => {
  const fields = { limits, notify: ['ops@example.org'] };
  const { token } = await makeShareable(stage.program, await makePlatform(stage.program, platform), fields);
  return new Instrument(stage.server, token);
};
const start = (instrument: Instrument, fields: Record<string, unknown> = {}, key?: string) =>
  instrument.api.call<StartedUpload>(
    'POST',
    '/api/v1/uploads',
    startOf(fields),
    key === undefined ? {} : { 'idempotency-key': key },
  );
const refuse = (service: string) => stage.faults.set({ service, action: { error: 'the disk of the log is full' } });

it.each(['asset.namespace.create', 'secure.identity.token.create'])(
  'a start that failed at %s uses up no limit',
  async (service) => {
    const instrument = await limited({ uploadsPerDay: 1, recipientsPerDay: 2 });
    refuse(service);
    for (let tries = 0; tries < 3; tries += 1) expect((await start(instrument)).status).toBe(503);
    stage.faults.clear();
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
  stage.faults.clear();
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
  stage.faults.clear();
  const told = await instrument.start({ name: 'control' });
  await stage.program.mailbox.next('ops@example.org', /control makes no progress/, 60_000);
  await stage.database.query(`update upload set last_progress_at = now() - interval '49 hours' where state = 'open'`);
  await stage.program.mailbox.next('ops@example.org', /control was given up/, 60_000);
  const silent = await until('the failed start being given up', async () => {
    const found = await stage.database.query<{ id: string }>(
      `select id from upload where name_suffix = 'silent' and state = 'abandoned'`,
    );
    return found.rows[0]?.id;
  });
  const subjects = (await stage.program.mailbox.all()).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject.includes('silent'))).toEqual([]);
  const again = await start(instrument, { name: 'silent' }, 'silent');
  expect([again.status, again.body.id, again.body.state]).toEqual([201, silent, 'open']);
  expect(again.body.id).not.toBe(told.id);
});
