// The manifest asset: found by queries in Mediaflux itself, and read by a person in ten years without this service.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECT } from '../support/api.js';
import { Instrument, makePlatform, makeShareable, type MadeShareable, Sender } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { RawClient, textIn, texts } from '../support/raw-client.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

let shareable: MadeShareable;
let instrument: Instrument;
/** Staff of the project, who have nothing to do with this service. */
let staff: RawClient;

const stage = stageOf({ env: PROMPT });
beforeAll(async () => {
  shareable = await makeShareable(stage.program, await makePlatform(stage.program, { folderSuffix: 'scope1' }), {
    label: 'Scope 1 PC',
  });
  instrument = new Instrument(stage.server, shareable.token);
  staff = new RawClient(stage.emulator.url, { domain: 'demo', user: 'operator', password: 'operator' });
  await staff.logon();
});

/** A complete upload of these files. */
async function uploaded(paths: readonly string[], fields: Record<string, unknown> = {}) {
  const upload = await instrument.start(fields);
  const sender = new Sender(upload.mediaflux);
  for (const path of paths) await sender.send(path, `content of ${path}`);
  expect((await instrument.putManifest(upload.id, sender.manifest)).status).toBe(204);
  await sender.close();
  expect((await instrument.complete(upload.id)).state).toBe('complete');
  return upload;
}

/** Its place, by which its writing is told from what else is written to Mediaflux meanwhile. */
const manifestOf = ({ folder }: { folder: string }): string => `${folder}/manifest.ndjson`;

/** Manifest assets that a condition finds, with all their metadata. */
const found = (where: string): Promise<string> =>
  staff.call('asset.query', `<where>${where}</where><action>get-meta</action>`);
const ofUpload = (id: string): Promise<string> => found(`xpath(dispatch:manifest/upload-id)='${id}'`);
const documentIn = (reply: string, type: string): string =>
  new RegExp(`<${type}[ >].*?</${type}>`, 's').exec(reply)?.[0] ?? '';

interface Delivery {
  recipient: string;
  sent: string;
  expires: string;
  revoked: string;
  accessed: string;
  accesses: { method: string; at: string }[];
}

const deliveriesIn = (reply: string): Delivery[] =>
  [...documentIn(reply, 'dispatch:deliveries').matchAll(/<delivery[ >].*?<\/delivery>/gs)].map(([delivery]) => ({
    recipient: textIn(delivery, 'recipient'),
    sent: textIn(delivery, 'sent'),
    expires: textIn(delivery, 'expires'),
    revoked: textIn(delivery, 'revoked'),
    accessed: textIn(delivery, 'accessed'),
    accesses: [...delivery.matchAll(/<access[ >].*?<\/access>/gs)].map(([access]) => ({
      method: textIn(access, 'method'),
      at: textIn(access, 'at'),
    })),
  }));

/** The deliveries of an upload in Mediaflux, as soon as `isWanted` holds of them. */
const deliveriesOnce = (uploadId: string, what: string, isWanted: (deliveries: Delivery[]) => boolean) =>
  until(
    what,
    async () => {
      const deliveries = deliveriesIn(await ofUpload(uploadId));
      return isWanted(deliveries) ? deliveries : undefined;
    },
    60_000,
  );

describe('the manifest asset', () => {
  it('tells in ten years what was uploaded, by whom and from where, and each file', async () => {
    const paths = ['größe «日本».txt', 'quo"te\\back', 'sub'];
    const upload = await uploaded(paths, {
      keywords: ['fish'],
      name: 'zebra',
      note: 'two\nlines',
      operator: { name: 'Olga' },
      clientTime: new Date(Date.now() + 7_200_000).toISOString(),
      client: { program: 'data-mover/1.0.0', host: 'scope1', os: 'linux' },
    });
    const id = /<asset id="(\d+)"/.exec(await ofUpload(upload.id))?.[1] ?? '';
    const content = await staff.get(`/mflux/content.mfjp?_skey=${staff.session}&id=${id}`);
    const [head, ...lines] = (await content.text())
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(head).toEqual({
      type: 'upload',
      format: expect.stringContaining('one line a file'),
      uploadId: upload.id,
      project: PROJECT,
      folder: upload.folder,
      namespace: upload.mediaflux.namespace,
      platform: 'Microscopy',
      platformSuffix: 'scope1',
      timeZone: 'Australia/Melbourne',
      shareable: { id: shareable.id, label: 'Scope 1 PC', number: shareable.number, use: expect.any(Number) },
      keywords: ['fish', 'zebra'],
      name: 'zebra',
      note: 'two\nlines',
      operator: 'Olga',
      startedAt: expect.stringMatching(/Z$/),
      verifiedAt: expect.stringMatching(/Z$/),
      youngestFileTime: '2020-08-18T08:20:37.000Z',
      files: 3,
      bytes: expect.any(Number),
      client: { program: 'data-mover/1.0.0', host: 'scope1', os: 'linux', clockSkewSeconds: expect.any(Number) },
      linkLifetime: 'P30D',
    });
    expect(lines).toEqual(
      paths.map((path) => ({
        path,
        size: Buffer.byteLength(`content of ${path}`),
        crc32: expect.stringMatching(/^[0-9a-f]{8}$/),
        mtime: null,
      })),
    );
  });

  it('tells what its client changed while it was written', async () => {
    const upload = await instrument.start({ keywords: ['before'] });
    const sender = new Sender(upload.mediaflux);
    await sender.send('a', 'content');
    expect((await instrument.putManifest(upload.id, sender.manifest)).status).toBe(204);
    const isWritten = stage.holdSaying('asset.set', manifestOf(upload));
    await instrument.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
    await isWritten();
    const change = { keywords: ['since'], note: 'changed since', recipients: ['bob@example.org'] };
    await instrument.api.expect(200, 'PATCH', `/api/v1/uploads/${upload.id}`, change);
    stage.faults.clear();
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    const document = documentIn(await ofUpload(upload.id), 'dispatch:manifest');
    expect(texts(document, 'keyword')).toEqual(['since']);
    expect([textIn(document, 'note'), ...texts(document, 'recipient')]).toEqual(['changed since', 'bob@example.org']);
    await sender.close();
  });

  it('is written later where its client changes something as often as it is written', async () => {
    const upload = await instrument.start();
    const sender = new Sender(upload.mediaflux);
    await sender.send('a', 'content');
    expect((await instrument.putManifest(upload.id, sender.manifest)).status).toBe(204);
    let isWritten = stage.holdSaying('asset.set', manifestOf(upload));
    await instrument.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
    for (const note of ['one', 'two', 'three']) {
      await isWritten();
      await instrument.api.expect(200, 'PATCH', `/api/v1/uploads/${upload.id}`, { note });
      stage.faults.clear();
      isWritten = stage.holdSaying('asset.set', manifestOf(upload));
    }
    await until('its trouble', async () =>
      (await instrument.get(upload.id)).verificationTrouble?.includes('change again and again') ? true : undefined,
    );
    stage.faults.clear();
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    expect(textIn(documentIn(await ofUpload(upload.id), 'dispatch:manifest'), 'note')).toBe('three');
    await sender.close();
  });

  it('carries in its document every fact of the upload, and is found by each of them', async () => {
    const upload = await uploaded(['a', 'b'], {
      recipients: ['ada@example.org', 'bob@example.org'],
      keywords: ['confocal', 'liver'],
      name: 'mouse',
      note: 'first run',
      operator: { name: 'Olga' },
      clientTime: new Date(Date.now() - 7_200_000).toISOString(),
      client: { program: 'data-mover/2.0.0', host: 'scope9', os: 'win32' },
    });
    const facts = {
      'upload-id': [upload.id],
      project: [PROJECT],
      folder: [upload.folder],
      'data-namespace': [upload.mediaflux.namespace],
      platform: ['Microscopy'],
      'platform-suffix': ['scope1'],
      'time-zone': ['Australia/Melbourne'],
      shareable: [String(shareable.number)],
      'shareable-id': [shareable.id],
      'shareable-label': ['Scope 1 PC'],
      use: [/-(\d+)-scope1-mouse$/.exec(upload.folder)?.[1] ?? ''],
      keyword: ['confocal', 'liver', 'mouse'],
      name: ['mouse'],
      note: ['first run'],
      operator: ['Olga'],
      recipient: ['ada@example.org', 'bob@example.org'],
      'link-lifetime': ['P30D'],
      'youngest-file': ['2020-08-18T08:20:37.000Z'],
      files: ['2'],
      bytes: ['24'],
      'client-program': ['data-mover/2.0.0'],
      'client-host': ['scope9'],
      'client-os': ['win32'],
    };
    const document = documentIn(await ofUpload(upload.id), 'dispatch:manifest');
    for (const [name, values] of Object.entries(facts)) {
      expect([name, texts(document, name)]).toEqual([name, values]);
      for (const value of values) {
        const matches = await found(
          `namespace>='${PROJECT}' and xpath(dispatch:manifest/${name})='${value}' and xpath(dispatch:manifest/upload-id)='${upload.id}'`,
        );
        expect([name, texts(matches, 'upload-id')]).toEqual([name, [upload.id]]);
      }
    }
    for (const name of ['started', 'verified']) expect(textIn(document, name)).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(Number(textIn(document, 'client-clock-skew'))).toBeLessThan(-7_100);
    expect(texts(await found(`xpath(dispatch:manifest/keyword)='of nobody'`), 'upload-id')).toEqual([]);
  });

  it('leaves out what nobody told', async () => {
    const document = documentIn(await ofUpload((await uploaded(['a'])).id), 'dispatch:manifest');
    for (const name of ['keyword', 'name', 'note', 'operator', 'client-program', 'client-host', 'client-clock-skew'])
      expect([name, texts(document, name)]).toEqual([name, []]);
    expect(texts(document, 'shareable-label')).toEqual(['Scope 1 PC']);
  });
});

describe('the deliveries on a manifest asset', () => {
  it('follow what is dispatched, fetched and revoked, while what was true at the upload stays', async () => {
    const upload = await uploaded(['a'], { recipients: ['cleo@example.org', 'dan@example.org'] });
    const sent = await deliveriesOnce(
      upload.id,
      'both deliveries being sent',
      (deliveries) => deliveries.length === 2 && deliveries.every(({ expires }) => expires !== ''),
    );
    expect(sent.map(({ recipient }) => recipient)).toEqual(['cleo@example.org', 'dan@example.org']);
    for (const { sent: at, expires } of sent) expect(Date.parse(expires) - Date.parse(at)).toBe(30 * 86_400_000);
    for (const delivery of sent) expect(delivery).toMatchObject({ accesses: [], accessed: '', revoked: '' });
    const manifest = documentIn(await ofUpload(upload.id), 'dispatch:manifest');

    const link = linkIn(await stage.program.mailbox.next('cleo@example.org', new RegExp(upload.folder)));
    expect((await fetch(`${link}/direct`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
    const fetched = await deliveriesOnce(upload.id, 'the access', ([cleo]) => (cleo?.accesses.length ?? 0) > 0);
    expect(fetched[0]).toMatchObject({ accesses: [{ method: 'direct' }] });
    expect(fetched[0]?.accessed).toBe(fetched[0]?.accesses[0]?.at);
    expect(fetched[1]).toEqual(sent[1]);

    const { deliveries } = await stage.program.admin.expect<{ deliveries: { id: string; recipient: string }[] }>(
      200,
      'GET',
      `/api/v1/admin/uploads/${upload.id}`,
    );
    const dan = deliveries.find(({ recipient }) => recipient === 'dan@example.org');
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${dan?.id ?? ''}/revoke`, {});
    await deliveriesOnce(upload.id, 'the revocation', ([, second]) => (second?.revoked ?? '') !== '');
    const after = await ofUpload(upload.id);
    expect(documentIn(after, 'dispatch:manifest')).toBe(manifest);
    expect(texts(await found(`xpath(dispatch:deliveries/delivery/recipient)='dan@example.org'`), 'upload-id')).toEqual([
      upload.id,
    ]);
    const id = /<asset id="(\d+)"/.exec(after)?.[1] ?? '';
    const content = await staff.get(`/mflux/content.mfjp?_skey=${staff.session}&id=${id}`);
    expect((await content.text()).trimEnd().split('\n')).toHaveLength(2);
  });

  it('are written when Mediaflux is back, and not again where nothing has changed', async () => {
    const upload = await uploaded(['a'], { recipients: ['eve@example.org'] });
    await deliveriesOnce(upload.id, 'the delivery', ([eve]) => (eve?.expires ?? '') !== '');
    const version = (reply: string): string => /<asset id="\d+" version="(\d+)"/.exec(reply)?.[1] ?? '';
    const link = linkIn(await stage.program.mailbox.next('eve@example.org', new RegExp(upload.folder)));
    stage.faults.forgetCalls();
    stage.faults.set({ service: 'asset.set', times: 3, action: { status: 503 } });
    expect((await fetch(`${link}/direct`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
    const [first] = await deliveriesOnce(upload.id, 'the access', ([eve]) => (eve?.accesses.length ?? 0) > 0);
    const before = version(await ofUpload(upload.id));
    expect(before).not.toBe('');
    // The same way again says nothing new; what comes after it in turn does.
    expect((await fetch(`${link}/direct`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
    const later = await uploaded(['a'], { recipients: ['eve@example.org'] });
    await deliveriesOnce(later.id, 'a later delivery', ([eve]) => (eve?.expires ?? '') !== '');
    const after = await ofUpload(upload.id);
    expect(version(after)).toBe(before);
    expect(deliveriesIn(after)).toEqual([first]);
  });

  it('are written of one upload where those of another cannot be, because of what stands in them', async () => {
    const [odd, other] = [
      await uploaded(['a'], { recipients: ['odd@example.org'] }),
      await uploaded(['a'], { recipients: ['gus@example.org'] }),
    ];
    const extended: Record<string, string> = {};
    for (const { id } of [odd, other]) {
      const [delivery] = await deliveriesOnce(id, 'the delivery', ([one]) => (one?.expires ?? '') !== '');
      extended[id] = delivery?.expires ?? '';
    }
    // As it may stand there from before such signs were refused: XML cannot hold them.
    await stage.database.query(
      `update person set address = E'odd\\u0001@example.org' where address = 'odd@example.org'`,
    );
    for (const { id } of [odd, other]) {
      const [delivery] = (await instrument.get(id)).deliveries;
      const path = `/api/v1/admin/deliveries/${delivery?.id ?? ''}/extend`;
      await stage.program.admin.expect(200, 'POST', path, { linkLifetime: 'P60D' });
    }
    await deliveriesOnce(other.id, 'the extension', ([one]) => (one?.expires ?? '') > (extended[other.id] ?? ''));
    expect(deliveriesIn(await ofUpload(odd.id))).toMatchObject([{ expires: extended[odd.id] }]);
  });

  it('are not written where somebody removed the asset, which is not made again', async () => {
    const upload = await uploaded(['a'], { recipients: ['fay@example.org'] });
    await deliveriesOnce(upload.id, 'the delivery', ([fay]) => (fay?.expires ?? '') !== '');
    const manager = new RawClient(stage.emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
    await manager.logon();
    const path = `${upload.mediaflux.namespace.replace(/\/data$/, '')}/manifest.ndjson`;
    await manager.call('asset.destroy', `<id>path=${path}</id>`);
    const link = linkIn(await stage.program.mailbox.next('fay@example.org', new RegExp(upload.folder)));
    stage.faults.forgetCalls();
    expect((await fetch(`${link}/direct`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
    await until(
      'the change being dealt with',
      async () => {
        const { rows } = await stage.database.query('select 1 from delivery_change where upload_id = $1', [upload.id]);
        return rows.length === 0 && stage.callsOf('asset.set') > 0 ? true : undefined;
      },
      60_000,
    );
    expect(texts(await ofUpload(upload.id), 'upload-id')).toEqual([]);
    expect(textIn(await manager.call('asset.exists', `<id>path=${path}</id>`), 'exists')).toBe('false');
  });
});
