// Manifests that hardly come, or stop in the middle, keep nobody else waiting.

import { beforeAll, expect, it } from '@jest/globals';
import { type ClientRequest, request } from 'node:http';
import { Instrument, makePlatform, makeShareable, Sender } from '../support/instrument.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const CLIENTS = 14;
/** More than is held in memory before a connection is taken. */
const LINES = 8_000;

let platformId: string;

const stage = stageOf();
beforeAll(async () => {
  platformId = await makePlatform(stage.program);
});

const instrumentOf = async (): Promise<Instrument> =>
  new Instrument(stage.server, (await makeShareable(stage.program, platformId)).token);

const line = (number: number): string => `{"path":"file-${number}","size":1,"crc32":"00000000"}\n`;

interface Held {
  id: string;
  request: ClientRequest;
  answer: Promise<number | undefined>;
}

/** Manifests of which `lines` lines have left this computer, and the rest does not come. */
async function held(instrument: Instrument, lines: number): Promise<Held[]> {
  const text = Array.from({ length: lines }, (_, number) => line(number)).join('');
  return Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const { id } = await instrument.start();
      const sending = request(`${stage.server}/api/v1/uploads/${id}/manifest`, {
        method: 'PUT',
        agent: false,
        headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${instrument.token}` },
      });
      const answer = new Promise<number | undefined>((resolve) => {
        sending.once('response', (reply) => resolve(reply.resume().statusCode));
        sending.once('error', () => resolve(undefined));
      });
      sending.write(text);
      return { id, request: sending, answer };
    }),
  );
}

async function completes(instrument: Instrument): Promise<void> {
  const upload = await instrument.start();
  const sender = new Sender(upload.mediaflux);
  await sender.send('a', 'a');
  expect((await instrument.putManifest(upload.id, sender.manifest)).status).toBe(204);
  expect((await instrument.complete(upload.id)).state).toBe('complete');
  await sender.close();
}

const copying = async (): Promise<number> => {
  const { rows } = await stage.database.query<{ count: string }>(
    `select count(*) as count from pg_stat_activity where datname = current_database() and query ilike 'copy manifest_entry%' and state = 'active'`,
  );
  return Number(rows[0]?.count);
};

it('a few bytes of a manifest take no connection, and many such clients hold nobody up', async () => {
  const slow = await instrumentOf();
  const trickling = await held(slow, 1);
  // With a byte more each, all of them have reached the server.
  for (const { request: sending } of trickling) await new Promise((resolve) => sending.write('{', resolve));
  await completes(await instrumentOf());
  await completes(slow);
  expect(await copying()).toBe(0);
  for (const { request: sending } of trickling) sending.end(line(1).slice(1));
  expect(await Promise.all(trickling.map(({ answer }) => answer))).toEqual(trickling.map(() => 204));
  expect((await slow.get(trickling[0]?.id ?? '')).files).toBe(2);
});

it('long ones that stop hold two connections for each shareable, and the others wait for their turn', async () => {
  const slow = await instrumentOf();
  const stopped = await held(slow, LINES);
  await until('manifests being loaded', async () => ((await copying()) >= 2 ? true : undefined));
  await completes(await instrumentOf());
  expect(await copying()).toBe(2);
  for (const { request: sending } of stopped) sending.end(line(LINES));
  expect(await Promise.all(stopped.map(({ answer }) => answer))).toEqual(stopped.map(() => 204));
  for (const { id } of stopped) expect((await slow.get(id)).files).toBe(LINES + 1);
});
