// Scoped tokens, judged by the emulator: they reach one namespace and nothing else, end when they are to, and leave
// everybody's rights as they were.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { MediafluxGateway } from '../../src/mediaflux/gateway/gateway.js';
import { crc32, crc32Text, textAt, Transport, xml } from '../../src/mediaflux/protocol/index.js';
import {
  createNamespace,
  describeNamespace,
  grantAccess,
  listNamespaces,
  revokeAccess,
  statFile,
  uploadFile,
} from '../../src/mediaflux/services/index.js';
import { type Credentials, MediafluxSession } from '../../src/mediaflux/session/index.js';
import { PROJECT } from '../support/api.js';
import { bytesOf } from '../support/files.js';
import type { AccessEntry } from '../../src/shares/shares-mediaflux.js';
import { freshFolder } from '../support/folders.js';
import { contentsOfZip } from '../support/zip.js';

const ACCOUNT = { domain: 'service', user: 'dispatch', password: 'dispatch' };
const STAFF = { domain: 'demo', user: 'operator', password: 'operator' };
let now = Date.UTC(2026, 2, 1);
let emulator: RunningEmulator;
let gateway: MediafluxGateway;
let transport: Transport;
const dataDir = freshFolder();

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir, now: () => now });
  gateway = new MediafluxGateway({ url: emulator.url, credentials: ACCOUNT });
  transport = new Transport(emulator.url);
});
afterAll(async () => {
  await gateway.close();
  await transport.close();
  await emulator.close();
});

let copied: readonly AccessEntry[] | undefined;
const onCopy = (entries: readonly AccessEntry[]): Promise<void> => {
  copied = entries;
  return Promise.resolve();
};
const session = (credentials: Credentials): MediafluxSession => new MediafluxSession({ transport, credentials });
const content = (bytes: Buffer) => ({ name: 'x', size: bytes.length, open: () => [bytes] });
const inAnHour = (): Date => new Date(now + 3_600_000);
const aclOf = async (namespace: string) => (await describeNamespace(session(ACCOUNT), namespace))?.acl;

describe('a token for an upload', () => {
  it('reads and writes below its namespace, and nowhere else', async () => {
    const data = `${PROJECT}/up-1/data`;
    await gateway.openUploadFolder(`${PROJECT}/up-1`, data);
    await gateway.openUploadFolder(`${PROJECT}/up-2`, `${PROJECT}/up-2/data`);
    const { token } = await gateway.issueScopedToken({
      onCopy,
      shareId: 'one',
      kind: 'upload',
      namespace: data,
      until: inAnHour(),
    });
    const client = session({ token });
    const bytes = bytesOf('x', 70_000);
    await createNamespace(client, `${data}/deep/er`);
    const held = await uploadFile(client, `${data}/deep/er/x.tif`, content(bytes));
    expect(held).toMatchObject({ size: bytes.length, crc32: crc32Text(crc32(bytes)) });
    for (const elsewhere of [
      `${PROJECT}/up-2/data`,
      `${PROJECT}/up-1`,
      PROJECT,
      '/projects/proj-researcher-1128.4.20',
    ]) {
      await expect(uploadFile(client, `${elsewhere}/y.tif`, content(bytes))).rejects.toMatchObject({
        name: 'MediafluxError',
      });
      await expect(createNamespace(client, `${elsewhere}/new`)).rejects.toMatchObject({ name: 'MediafluxError' });
    }
    await expect(client.call('secure.identity.token.create', [])).rejects.toMatchObject({ kind: 'not-permitted' });
    await expect(client.call('actor.grant', [xml('type', 'role'), xml('name', 'user')])).rejects.toMatchObject({
      kind: 'not-permitted',
    });
  });

  it('lists what arrived, with sizes and checksums, and counts it on its own', async () => {
    const listed = [];
    for await (const file of gateway.listFolder(`${PROJECT}/up-1/data`)) listed.push(file.path);
    expect(listed).toEqual(['deep/er/x.tif']);
    expect((await gateway.summarize(`${PROJECT}/up-1/data`)).count).toBe(1);
  });

  it('dies when it is destroyed, and at its date', async () => {
    const data = `${PROJECT}/up-2/data`;
    const made = await gateway.issueScopedToken({
      onCopy,
      shareId: 'two',
      kind: 'upload',
      namespace: data,
      until: inAnHour(),
    });
    const client = session({ token: made.token });
    expect(await statFile(client, `${data}/none`)).toBeUndefined();
    await gateway.destroyToken(made.tokenId);
    await expect(listNamespaces(client, data)).rejects.toMatchObject({ kind: 'not-authenticated' });
    const short = await gateway.issueScopedToken({
      onCopy,
      shareId: 'two',
      kind: 'upload',
      namespace: data,
      until: inAnHour(),
    });
    expect(await listNamespaces(session({ token: short.token }), data)).toEqual([]);
    now += 3_600_000;
    await expect(listNamespaces(session({ token: short.token }), data)).rejects.toMatchObject({
      kind: 'not-authenticated',
    });
    await gateway.endShare({ copied, shareId: 'two', namespace: data });
  });
});

describe('everybody else', () => {
  it('reads and may what they could, before, during and after a share', async () => {
    const data = `${PROJECT}/up-1/data`;
    const staff = session(STAFF);
    const seen = async () => ({
      files: (await statFile(staff, `${data}/deep/er/x.tif`))?.size,
      rights: [...((await describeNamespace(staff, data))?.access ?? [])],
      service: [...((await describeNamespace(session(ACCOUNT), data))?.access ?? [])],
    });
    await gateway.endShare({ copied, shareId: 'one', namespace: data });
    const before = await seen();
    expect(before.rights).toContain('access-assets');
    const project = await aclOf(PROJECT);
    await gateway.issueScopedToken({ onCopy, shareId: 'a', kind: 'download', namespace: data, until: inAnHour() });
    expect(await seen()).toEqual(before);
    await gateway.issueScopedToken({ onCopy, shareId: 'b', kind: 'download', namespace: data, until: inAnHour() });
    await gateway.endShare({ copied, shareId: 'a', namespace: data });
    expect(await seen()).toEqual(before);
    await gateway.endShare({ copied, shareId: 'b', namespace: data });
    expect(await seen()).toEqual(before);
    expect(await aclOf(data)).toEqual([]);
    expect(await aclOf(PROJECT)).toEqual(project);
  });

  it('has what the project gives them by the end of a share, also when that was changed in between', async () => {
    const data = `${PROJECT}/up-1/data`;
    const stranger = session({ domain: 'demo', user: 'researcher', password: 'researcher' });
    const entry = { actorType: 'user', actorName: 'demo:researcher', access: ['namespace:access', 'asset:access'] };
    const share = (shareId: string) =>
      gateway.issueScopedToken({ onCopy, shareId, kind: 'download', namespace: data, until: inAnHour() });
    await share('changed');
    await grantAccess(session(ACCOUNT), PROJECT, [entry]);
    expect(await gateway.endShare({ copied, shareId: 'changed', namespace: data })).toBe(true);
    expect(await aclOf(data)).toEqual([]);
    expect(await statFile(stranger, `${data}/deep/er/x.tif`)).toBeDefined();
    await revokeAccess(session(ACCOUNT), PROJECT, [entry]);
    // Whom somebody added to the shared data themselves stays, with those who were there.
    await share('added');
    await grantAccess(session(ACCOUNT), data, [entry]);
    await gateway.endShare({ copied, shareId: 'added', namespace: data });
    expect(await statFile(stranger, `${data}/deep/er/x.tif`)).toBeDefined();
    expect(await statFile(session(STAFF), `${data}/deep/er/x.tif`)).toBeDefined();
    await revokeAccess(session(ACCOUNT), data, (await describeNamespace(session(ACCOUNT), data))?.acl ?? []);
  });
});

describe('a zip link', () => {
  it('streams the files, five times and no more, and a HEAD uses none up', async () => {
    const data = `${PROJECT}/up-1/data`;
    const { url } = await gateway.issueZipLink({
      onCopy,
      shareId: 'zip',
      dataNamespace: data,
      filename: 'größe.zip',
      until: inAnHour(),
      maxUses: 5,
    });
    for (let use = 0; use < 5; use += 1) {
      expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
      const zip = Buffer.from(await (await fetch(url)).arrayBuffer());
      expect(Object.keys(contentsOfZip(zip))).toEqual(['deep/er/x.tif']);
    }
    expect((await fetch(url)).status).toBe(401);
    await gateway.endShare({ copied, shareId: 'zip', namespace: data });
  });
});

describe('a session', () => {
  it('is renewed once for a hundred calls that find it over', async () => {
    const client = session(ACCOUNT);
    await client.call('server.ping');
    const idOf = async () => textAt(await client.call('system.session.self.describe'), 'session/host');
    expect(emulator.expireSessions()).toBeGreaterThan(0);
    await Promise.all(Array.from({ length: 100 }, idOf));
    expect(emulator.expireSessions()).toBe(1);
  });

  it('does not repeat a logon that was refused', async () => {
    const client = session({ ...ACCOUNT, password: 'wrong' });
    await expect(client.call('server.ping')).rejects.toMatchObject({ kind: 'not-authenticated' });
    expect(client.state.refused).toBe(true);
    await expect(client.call('server.ping')).rejects.toMatchObject({ kind: 'not-authenticated' });
  });

  it('ends in "unreachable" when there is no server', async () => {
    const nowhere = new Transport('http://127.0.0.1:9');
    const client = new MediafluxSession({ transport: nowhere, credentials: ACCOUNT });
    await expect(client.call('server.ping', [], { repeatable: true })).rejects.toMatchObject({ kind: 'unreachable' });
    await nowhere.close();
  });
});

describe('the emulator', () => {
  it('keeps what it acknowledged when it is opened again', async () => {
    const folder = freshFolder();
    const first = await startEmulator({ port: 0, dataDir: folder });
    const other = new Transport(first.url);
    const bytes = bytesOf('kept', 5_000);
    const path = '/projects/proj-researcher-1128.4.20/kept.bin';
    await uploadFile(
      new MediafluxSession({
        transport: other,
        credentials: { domain: 'demo', user: 'researcher', password: 'researcher' },
      }),
      path,
      content(bytes),
    );
    await other.close();
    await first.close();
    const second = await startEmulator({ port: 0, dataDir: folder });
    const again = new Transport(second.url);
    const held = await statFile(
      new MediafluxSession({
        transport: again,
        credentials: { domain: 'demo', user: 'researcher', password: 'researcher' },
      }),
      path,
    );
    expect(held).toMatchObject({ size: 5_000, crc32: crc32Text(crc32(bytes)) });
    await again.close();
    await second.close();
  });

  it('answers an empty success and a session that is over as recorded, byte for byte', async () => {
    const post = async (body: string) =>
      (
        await fetch(`${emulator.url}/__mflux_svc__/`, { method: 'POST', body, headers: { 'content-type': 'text/xml' } })
      ).text();
    const logon = await post(
      '<request><service name="system.logon"><args><domain>demo</domain><user>operator</user><password>operator</password></args></service></request>',
    );
    const key = />([A-Za-z0-9]+)<\/session>/.exec(logon)?.[1] ?? '';
    expect(await post(`<request><service name="server.ping" session="${key}"></service></request>`)).toBe(
      '<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="result"><result></result></reply></response>',
    );
    expect(
      [
        ...(await post('<request><service name="server.ping" session="gone"></service></request>')).matchAll(
          /<message>([^<]*)<\/message>/g,
        ),
      ].map(([, message]) => message),
    ).toEqual(['session is not valid']);
  });
});
