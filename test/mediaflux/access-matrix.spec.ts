// Who may do what where, as a matrix of actor × action × namespace, with the emulator as judge: a share's token reaches its
// namespace and nothing else, and nobody else's cell changes before, during or after it.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { MediafluxGateway } from '../../src/mediaflux/gateway/gateway.js';
import { isMediafluxError, Transport, xml } from '../../src/mediaflux/protocol/index.js';
import {
  createNamespace,
  describeNamespace,
  listNamespaces,
  openContent,
  queryCount,
  quoted,
  statFile,
  uploadFile,
} from '../../src/mediaflux/services/index.js';
import { type Credentials, MediafluxSession } from '../../src/mediaflux/session/index.js';
import { PROJECT } from '../support/api.js';
import type { AccessEntry } from '../../src/shares/shares-mediaflux.js';
import { freshFolder } from '../support/folders.js';

const ACCOUNTS: Record<string, Credentials> = {
  service: { domain: 'service', user: 'dispatch', password: 'dispatch' },
  staff: { domain: 'demo', user: 'operator', password: 'operator' },
  stranger: { domain: 'demo', user: 'researcher', password: 'researcher' },
  manager: { domain: 'system', user: 'manager', password: 'manager' },
};
const FOLDER = `${PROJECT}/2026-03-01_up`;
const DATA = `${FOLDER}/data`;
const PLACES = {
  shared: DATA,
  'below it': `${DATA}/deep`,
  'its folder': FOLDER,
  'another upload': `${PROJECT}/2026-03-02_other/data`,
  project: PROJECT,
  'another project': '/projects/proj-researcher-1128.4.20',
};
type Place = keyof typeof PLACES;

let emulator: RunningEmulator;
let transport: Transport;
let gateway: MediafluxGateway;
let manager: MediafluxSession;
let serial = 0;

let copied: readonly AccessEntry[] | undefined;
const onCopy = (entries: readonly AccessEntry[]): Promise<void> => {
  copied = entries;
  return Promise.resolve();
};
const session = (credentials: Credentials) => new MediafluxSession({ transport, credentials });
const content = (text: string) => ({ name: 'x', size: text.length, open: () => [Buffer.from(text)] });

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  transport = new Transport(emulator.url);
  gateway = new MediafluxGateway({ url: emulator.url, credentials: ACCOUNTS['service'] as Credentials });
  manager = session(ACCOUNTS['manager'] as Credentials);
  for (const path of Object.values(PLACES)) {
    await createNamespace(manager, path);
    await uploadFile(manager, `${path}/seed`, content('seed'));
  }
});
afterAll(async () => {
  await gateway.close();
  await transport.close();
  await emulator.close();
});

/** Each answers whether it worked. What it needs is made by the manager first, so that nothing else can be the reason. */
const ACTIONS: Record<string, (who: MediafluxSession, place: string) => Promise<boolean>> = {
  describe: async (who, place) => (await describeNamespace(who, place)) !== undefined,
  list: async (who, place) => (await listNamespaces(who, place), true),
  query: async (who, place) => (await queryCount(who, `namespace=${quoted(place)} and name='seed'`)) === 1,
  get: async (who, place) => (await statFile(who, `${place}/seed`)) !== undefined,
  read: async (who, place) => {
    const held = await statFile(manager, `${place}/seed`);
    const parts = [];
    for await (const part of await openContent(who, { assetId: held?.assetId ?? '', size: 4, crc32: null }))
      parts.push(part);
    return Buffer.concat(parts).toString() === 'seed';
  },
  create: async (who, place) => {
    await who.execute(
      [{ service: 'asset.create', args: [xml('namespace', place), xml('name', `n${serial++}`)] }],
      content('new'),
    );
    return true;
  },
  change: async (who, place) => {
    await who.upload({ service: 'asset.set', args: [xml('id', `path=${place}/seed`)] }, content('seed'));
    return true;
  },
  destroy: async (who, place) => {
    const doomed = `${place}/d${serial++}`;
    await uploadFile(manager, doomed, content('x'));
    await who.call('asset.destroy', [xml('id', `path=${doomed}`)]);
    return true;
  },
  'make a folder': async (who, place) => {
    await who.call('asset.namespace.create', [xml('namespace', `${place}/f${serial++}`)]);
    return true;
  },
  'destroy a folder': async (who, place) => {
    const doomed = `${place}/g${serial++}`;
    await createNamespace(manager, doomed);
    await who.call('asset.namespace.destroy', [xml('namespace', doomed)]);
    return true;
  },
  'change rights': async (who, place) => {
    const nobody = xml('acl', [xml('actor', 'none:nobody', { type: 'user' })]);
    await who.call('asset.namespace.acl.revoke', [xml('namespace', place), nobody]);
    return true;
  },
  'rename it': async (who, place) => {
    const from = `${place}/r${serial++}`;
    await createNamespace(manager, from);
    await who.call('asset.namespace.rename', [xml('namespace', from), xml('name', `s${serial++}`)]);
    return true;
  },
};
const READING = ['describe', 'list', 'query', 'get', 'read'];
const WRITING = [...READING, 'create', 'change', 'destroy', 'make a folder', 'destroy a folder'];

async function row(who: MediafluxSession): Promise<Record<Place, string[]>> {
  const cells: [string, string[]][] = [];
  for (const [place, path] of Object.entries(PLACES)) {
    const allowed: string[] = [];
    for (const [name, act] of Object.entries(ACTIONS)) {
      const works = await act(who, path).catch((error: unknown) => {
        if (isMediafluxError(error, 'not-permitted', 'not-found', 'not-authenticated')) return false;
        throw error;
      });
      if (works) allowed.push(name);
    }
    cells.push([place, allowed]);
  }
  return Object.fromEntries(cells) as Record<Place, string[]>;
}

const everybody = async () =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(ACCOUNTS).map(async ([name, credentials]) => [name, await row(session(credentials))] as const),
    ),
  );

const only = (allowed: string[]): Record<Place, string[]> => ({
  shared: allowed,
  'below it': allowed,
  'its folder': [],
  'another upload': [],
  project: [],
  'another project': [],
});

describe('a share', () => {
  const until = new Date(Date.now() + 3_600_000);

  it('lets its token do what it is for in its namespace, nothing elsewhere, and changes nobody else’s rights', async () => {
    const before = await everybody();
    expect(before['staff']).toMatchObject({ shared: READING, project: READING, 'another project': [] });
    expect(before['stranger']).toMatchObject({ shared: [], project: [] });
    expect(before['manager']?.['another upload']).toEqual(Object.keys(ACTIONS));

    const upload = await gateway.issueScopedToken({ onCopy, shareId: 'u', kind: 'upload', namespace: DATA, until });
    expect(await row(session({ token: upload.token }))).toEqual(only(WRITING));
    expect(await everybody()).toEqual(before);

    const download = await gateway.issueScopedToken({ onCopy, shareId: 'd', kind: 'download', namespace: DATA, until });
    const reader = session({ token: download.token });
    expect(await row(reader)).toEqual(only(READING));
    expect(await everybody()).toEqual(before);

    await gateway.destroyToken(download.tokenId);
    expect(await row(reader)).toEqual(only([]));
    await gateway.endShare({ copied, shareId: 'u', namespace: DATA });
    await gateway.endShare({ copied, shareId: 'd', namespace: DATA });
    // A token that was not destroyed holds a role that is gone.
    expect(await row(session({ token: upload.token }))).toEqual(only([]));
    expect(await everybody()).toEqual(before);
    for (const path of Object.values(PLACES))
      expect((await describeNamespace(manager, path))?.acl.filter((entry) => entry.actorType === 'role')).toEqual([]);
  });

  it('lets its token make no tokens, roles or grants, and move nothing out', async () => {
    const { token } = await gateway.issueScopedToken({ onCopy, shareId: 'x', kind: 'upload', namespace: DATA, until });
    const holder = session({ token });
    for (const [service, args] of [
      ['secure.identity.token.create', []],
      ['secure.identity.token.all.destroy', []],
      ['authorization.role.create', [xml('role', 'dispatch:mine')]],
      ['actor.grant', [xml('type', 'role'), xml('name', 'dispatch:uploader')]],
      ['asset.namespace.acl.grant', [xml('namespace', DATA)]],
      ['asset.move', [xml('id', `path=${DATA}/seed`), xml('namespace', PROJECT)]],
    ] as const)
      await expect(holder.call(service, args)).rejects.toMatchObject({ kind: 'not-permitted' });
    await gateway.endShare({ copied, shareId: 'x', namespace: DATA });
  });
});
