// Several servers over one database, and fifty clients at once: each number is taken once, and nobody sees another's.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Instrument, makePlatform, makeShareable, Sender } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { Program, settingsOf } from '../support/program.js';
import { contentsOfZip } from '../support/zip.js';

const CLIENTS = 50;
const servers: Program[] = [];
let platformId: string;

beforeAll(async () => {
  const first = await Program.start();
  servers.push(first);
  const env = { ...settingsOf(first.endpoints.mediaflux), ...first.sharedSettings };
  servers.push(...(await Promise.all([1, 2].map(() => Program.start({ env })))));
  platformId = await makePlatform(first);
});
afterAll(async () => {
  for (const server of servers.reverse()) await server.stop();
});

const first = (): Program => servers[0] as Program;
const serverOf = (client: number): string => (servers[client % servers.length] as Program).endpoints.server;
const each = <T>(work: (client: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const useOf = (folder: string): number => Number(/^\S{19}-\d+-(\d+)/.exec(folder)?.[1]);

describe('fifty clients at once, on three servers', () => {
  it('take fifty numbers of one shareable, each once and none left out', async () => {
    const { token } = await makeShareable(first(), platformId);
    const started = await each((client) => new Instrument(serverOf(client), token).start());
    const uses = started.map(({ folder }) => useOf(folder)).sort((left, right) => left - right);
    expect(uses).toEqual(Array.from({ length: CLIENTS }, (_, index) => index + 1));
    expect(new Set(started.map(({ id }) => id)).size).toBe(CLIENTS);
    expect(new Set(started.map(({ mediaflux }) => mediaflux.token)).size).toBe(CLIENTS);
  });

  it('send, complete and are dispatched on one shareable at once, and each person gets exactly their own', async () => {
    const { token } = await makeShareable(first(), platformId);
    const { mailbox, admin } = first();
    const personOf = (client: number): string => `own-${client}@example.org`;
    // A name that all have, with one length, and a name that nobody else has.
    const filesOf = (client: number): Record<string, string> => ({
      'data.txt': `data of ${String(client).padStart(3, '0')}`,
      [`deep/only-${client}.txt`]: 'x'.repeat(client),
    });
    const uploads = await each(async (client) => {
      const instrument = new Instrument(serverOf(client), token);
      const { id, mediaflux } = await instrument.start({ name: `one${client}`, recipients: [personOf(client)] });
      const sender = new Sender(mediaflux);
      await sender.makeFolder('deep');
      for (const [path, text] of Object.entries(filesOf(client))) await sender.send(path, text);
      expect((await instrument.putManifest(id, sender.manifest)).status).toBe(204);
      await sender.close();
      return instrument.complete(id);
    });
    expect(uploads.map(({ state, files }) => [state, files])).toEqual(uploads.map(() => ['complete', 2]));
    await each(async (client) => {
      const link = linkIn(await mailbox.next(personOf(client), /your data/));
      const direct = await fetch(`${link}/direct`, { method: 'POST' });
      expect(direct.status).toBe(200);
      const wanted = Object.entries(filesOf(client)).map(([path, text]) => [path, sha256(text)]);
      expect(contentsOfZip(Buffer.from(await direct.arrayBuffer()))).toEqual(Object.fromEntries(wanted));
      const path = `/api/v1/admin/uploads/${uploads[client]?.id ?? ''}`;
      const { deliveries } = await admin.expect<{ deliveries: { recipient: string }[] }>(200, 'GET', path);
      expect(deliveries.map(({ recipient }) => recipient)).toEqual([personOf(client)]);
      expect(await mailbox.to(personOf(client))).toHaveLength(1);
    });
  });

  it('never give a number again, also where the start failed or was given up', async () => {
    const { token } = await makeShareable(first(), platformId);
    const instrument = new Instrument(serverOf(1), token);
    const given = await instrument.start();
    await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${given.id}`);
    expect((await instrument.api.call('POST', '/api/v1/uploads', { recipients: ['nobody'] })).status).toBe(422);
    expect([useOf(given.folder), useOf((await instrument.start()).folder)]).toEqual([1, 2]);
  });

  it('upload on a shareable each, with common recipients, and see nothing of one another', async () => {
    const instruments = await each(async (client) => {
      const { token } = await makeShareable(first(), platformId, { label: `PC ${client}` });
      return new Instrument(serverOf(client), token);
    });
    const recipients = (client: number): string[] =>
      Array.from({ length: 4 }, (_, index) => `person-${(client * 3 + index * 7) % 10}@example.org`);
    const uploads = await each(async (client) => {
      const instrument = instruments[client] as Instrument;
      const upload = await instrument.start({ name: `pc${client}`, recipients: recipients(client) });
      expect(useOf(upload.folder)).toBe(1);
      const sender = new Sender(upload.mediaflux);
      await sender.send('data.txt', `data of ${client}`);
      expect((await instrument.putManifest(upload.id, sender.manifest)).status).toBe(204);
      await sender.close();
      return upload;
    });
    const verdicts = await each((client) =>
      (instruments[client] as Instrument).complete((uploads[client] as { id: string }).id),
    );
    expect(verdicts.map(({ state }) => state)).toEqual(Array.from({ length: CLIENTS }, () => 'complete'));
    await each(async (client) => {
      expect((verdicts[client] as { recipients: string[] }).recipients).toEqual([...new Set(recipients(client))]);
      const other = (uploads[(client + 1) % CLIENTS] as { id: string }).id;
      const { api } = instruments[client] as Instrument;
      for (const [method, path] of [
        ['GET', ''],
        ['POST', '/credential'],
        ['POST', '/complete'],
        ['DELETE', ''],
      ] as const)
        expect((await api.call(method, `/api/v1/uploads/${other}${path}`)).status).toBe(404);
    });
    // Nor in Mediaflux: a credential of one upload writes in no other's folder.
    const [one, two] = [await (instruments[0] as Instrument).start(), await (instruments[1] as Instrument).start()];
    const intruder = new Sender({ ...one.mediaflux, namespace: two.mediaflux.namespace });
    await expect(intruder.send('x', 'x')).rejects.toMatchObject({ name: 'MediafluxError' });
    await intruder.close();
  });
});
