// Folders that do not keep still while an upload is verified: what one look saw is held against what the next one sees,
// and nothing is complete that was seen but once.

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Instrument } from '../support/instrument.js';
import { RawClient } from '../support/raw-client.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';
import { sentBy } from './sent.js';

const stage = stageOf({ env: PROMPT });
let instrument: Instrument;
/** Somebody else who may do everything in Mediaflux. */
let manager: RawClient;
beforeAll(async () => {
  instrument = await stage.instrument();
  manager = new RawClient(stage.emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
  await manager.logon();
});

/** One that was refused is no change. */
async function done(reply: Promise<string>): Promise<void> {
  expect(await reply).toContain('<reply type="result">');
}

/** Lets what is held go on, up to the next call of that service. */
function goOnUntil(service: string): () => Promise<true> {
  stage.faults.clear();
  return stage.hold(service);
}

describe('a listing', () => {
  it('that is shorter than the count is worth nothing, although count and newest change are the same afterwards', async () => {
    const { upload, sender } = await sentBy(instrument, ['a', 'b']);
    await sender.makeFolder('hidden');
    await sender.send('hidden/unnamed', 'no line of the manifest');
    const hidden = `<namespace>${upload.mediaflux.namespace}/hidden</namespace>`;
    const actor = '<actor type="user">system:manager</actor>';
    const comesToTheList = stage.hold('asset.query.iterate');
    const completing = instrument.complete(upload.id);
    await comesToTheList();
    // A list of its own shuts the service out: the file is passed over, and nothing of it changes.
    const access = '<access><namespace>access</namespace><asset>access</asset></access>';
    await done(manager.call('asset.namespace.acl.grant', `${hidden}<acl>${actor}${access}</acl>`));
    const comesToTheNextCount = goOnUntil('asset.query');
    await comesToTheNextCount();
    await done(manager.call('asset.namespace.acl.revoke', `${hidden}<acl>${actor}</acl>`));
    expect(stage.callsOf('asset.query.iterate')).toBe(0);
    stage.faults.clear();
    expect(await completing).toMatchObject({
      state: 'mismatch',
      mismatches: [{ path: 'hidden/unnamed', problem: 'unexpected' }],
      deliveries: [],
    });
    expect(stage.callsOf('asset.query.iterate')).toBe(1);
    await sender.close();
  });

  it('that is longer than the count is worth nothing, although all in it is as the manifest says', async () => {
    const { upload, sender } = await sentBy(instrument, ['a', 'b']);
    await sender.makeFolder('hidden');
    await sender.send('hidden/c', 'content of hidden/c');
    expect((await instrument.putManifest(upload.id, sender.manifest)).status).toBe(204);
    const hidden = `<namespace>${upload.mediaflux.namespace}/hidden</namespace>`;
    const actor = '<actor type="user">system:manager</actor>';
    const access = '<access><namespace>access</namespace><asset>access</asset></access>';
    await done(manager.call('asset.namespace.acl.grant', `${hidden}<acl>${actor}${access}</acl>`));
    // Behind the count and the newest change.
    const comesToTheList = stage.hold('asset.query', 2);
    const completing = instrument.complete(upload.id);
    await comesToTheList();
    await done(manager.call('asset.namespace.acl.revoke', `${hidden}<acl>${actor}</acl>`));
    const comesToTheNextCount = goOnUntil('asset.query');
    await comesToTheNextCount();
    // After a match the credential would have ended first.
    expect(stage.callsOf('secure.identity.token.destroy')).toBe(0);
    stage.faults.clear();
    expect(await completing).toMatchObject({ state: 'complete', mismatches: [] });
    await sender.close();
  });
});

describe('a folder', () => {
  /** Attempts count from that the client has said that all is there, which is one itself. */
  const standing = async (id: string) => {
    const { rows } = await stage.database.query<{ attempt: number; failures: number }>(
      'select verification_attempt - 1 as attempt, verification_failures as failures from upload where id = $1',
      [id],
    );
    return rows[0];
  };

  it('that changes in each of four looks is told of, and complete by itself once it keeps still', async () => {
    const { upload, sender } = await sentBy(instrument, ['a', 'b']);
    const complete = `/api/v1/uploads/${upload.id}/complete`;
    let comesToTheList = stage.hold('asset.query.iterate');
    await instrument.api.expect(202, 'POST', complete);
    for (let look = 1; look <= 4; look += 1) {
      await comesToTheList();
      expect({ look, ...(await standing(upload.id)) }).toEqual({ look, attempt: 1, failures: 0 });
      // What it held before: only the number of its change is another.
      const path = `<id>path=${upload.mediaflux.namespace}/a</id>`;
      await done(manager.upload(manager.request('asset.set', path), 'content of a'));
      comesToTheList = goOnUntil('asset.query.iterate');
    }
    await comesToTheList();
    expect(await standing(upload.id)).toEqual({ attempt: 2, failures: 1 });
    expect(await instrument.get(upload.id)).toMatchObject({
      state: 'verifying',
      verificationTrouble: 'The folder changes while it is verified; somebody is writing to it.',
      deliveries: [],
    });
    stage.faults.clear();
    const verdict = await until('the verdict', async () => {
      const found = await instrument.get(upload.id);
      return found.state === 'verifying' ? undefined : found;
    });
    expect(verdict).toMatchObject({ state: 'complete', mismatches: [], verificationTrouble: null });
    expect(await standing(upload.id)).toMatchObject({ attempt: 2 });
    await sender.close();
  });

  it('that its own client changes in two looks is taken out of the client’s hands', async () => {
    const { upload, sender } = await sentBy(instrument, ['a', 'b', 'c', 'd']);
    let comesToTheList = stage.hold('asset.query.iterate');
    const completing = instrument.complete(upload.id);
    for (const path of ['a', 'b']) {
      await comesToTheList();
      await sender.destroy(path);
      comesToTheList = goOnUntil('asset.query.iterate');
    }
    await comesToTheList();
    await expect(sender.destroy('c')).rejects.toMatchObject({ name: 'MediafluxError' });
    stage.faults.clear();
    expect(await completing).toMatchObject({
      state: 'mismatch',
      mismatches: [
        { path: 'a', problem: 'missing' },
        { path: 'b', problem: 'missing' },
      ],
    });
    await sender.close();
  });

  it('that is empty and named by the manifest must still be there when the credential has ended', async () => {
    const { upload, sender } = await sentBy(instrument, ['a'], ['kept', 'taken']);
    const folder = `<namespace>${upload.mediaflux.namespace}/taken</namespace>`;
    // The listing has matched by then.
    const comesToDestroy = stage.hold('secure.identity.token.destroy');
    const completing = instrument.complete(upload.id);
    await comesToDestroy();
    await done(manager.call('asset.namespace.destroy', folder));
    stage.faults.clear();
    expect(await completing).toMatchObject({
      state: 'mismatch',
      mismatches: [{ path: 'taken', problem: 'missing' }],
      deliveries: [],
    });
    await done(manager.call('asset.namespace.create', folder));
    expect(await instrument.complete(upload.id)).toMatchObject({ state: 'complete', mismatches: [] });
    await sender.close();
  });
});
