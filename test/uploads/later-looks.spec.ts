// Complete uploads are looked at again: what came too late, or was changed by somebody, is told once; what this service
// does by itself, and what leaves the files as they were, is told to nobody. Decision 23.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, PROJECT } from '../support/api.js';
import { RESEARCHER, OWN_PROJECT } from '../support/copies.js';
import { type Instrument, Sender, type StartedUpload } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';
import { dueNow, look, looksAt, mailsAbout, Meddler, uploaded } from './looked.js';

const OPS = 'ops@example.org';
const CHANGED = 'has changed since it was verified';
const stage = stageOf({ env: PROMPT });
let instrument: Instrument;
let meddler: Meddler;
beforeAll(async () => {
  instrument = await stage.instrument({}, { notify: [OPS, 'deputy@example.org'] });
  meddler = new Meddler(stage.emulator.url);
});
afterAll(() => meddler.close());

/** Its text without the marks that keep names from becoming links. */
const notices = async ({ folder }: StartedUpload) =>
  (await mailsAbout(stage, OPS, folder, CHANGED)).map((mail) => ({
    sent: `${mail.text}${mail.html}`,
    text: mail.text.replaceAll('\u2060', ''),
  }));

interface AdminView {
  changed: boolean;
  laterLooks: { look: number; finding: string; verifiedFiles: number; files: number; paths: object[] }[];
  deliveries: { id: string; state: string }[];
}
const adminView = (id: string) => stage.program.admin.expect<AdminView>(200, 'GET', `/api/v1/admin/uploads/${id}`);
const timelineOf = async (id: string): Promise<string[]> =>
  (
    await stage.program.admin.expect<{ items: { what: string }[] }>(200, 'GET', `/api/v1/admin/uploads/${id}/timeline`)
  ).items.map(({ what }) => what);

/** An upload that became complete while a content of `a.txt` was held that Mediaflux had admitted, and that came then. */
async function withLateContent(fields: Record<string, unknown>): Promise<StartedUpload> {
  const upload = await instrument.start(fields);
  const sender = new Sender(upload.mediaflux);
  await sender.send('a.txt', 'verified');
  await sender.send('b.txt', 'untouched');
  const { manifest } = sender;
  stage.faults.forgetCalls();
  stage.faults.set({ service: 'asset.set', times: 1, action: { holdAdmitted: true } });
  const late = sender.send('a.txt', 'too late');
  await until('the content being held', () => (stage.callsOf('asset.set') > 0 ? true : undefined));
  expect((await instrument.putManifest(upload.id, manifest)).status).toBe(204);
  expect(await instrument.complete(upload.id)).toMatchObject({ state: 'complete' });
  stage.faults.clear();
  await late;
  await sender.close();
  return upload;
}

describe('a content that comes after the upload is complete', () => {
  it('is told to its operators once, and shown to administrators', async () => {
    const upload = await withLateContent({ name: 'late', recipients: ['ada@example.org'] });
    expect(await look(stage, upload.id)).toEqual({
      look: 1,
      finding: 'changed',
      files: 2,
      differences: 1,
      is_told: true,
    });
    const [mail] = await notices(upload);
    expect(mail?.text).toContain(`- Data: ${upload.folder}\n`);
    expect(mail?.text).toContain(upload.mediaflux.namespace);
    expect(mail?.text).toContain('Verified: 2 files');
    expect(mail?.text).toContain('Found now: 2 files');
    expect(mail?.text).toContain('1 file differs');
    expect(mail?.text).toContain('- a.txt (has another content)');
    expect(mail?.text).not.toContain('b.txt');
    // It names no recipient, and holds no link.
    expect(mail?.sent).not.toMatch(/ada@example|\/s\/\w/);

    const view = await adminView(upload.id);
    expect(view).toMatchObject({
      changed: true,
      laterLooks: [
        { look: 1, finding: 'changed', verifiedFiles: 2, files: 2, paths: [{ path: 'a.txt', problem: 'checksum' }] },
      ],
    });
    const listed = async (changed: boolean): Promise<string[]> =>
      (
        await stage.program.admin.expect<{ items: { id: string }[] }>(
          200,
          'GET',
          `/api/v1/admin/uploads?changed=${changed}&text=${upload.folder}`,
        )
      ).items.map(({ id }) => id);
    expect(await listed(true)).toEqual([upload.id]);
    expect(await listed(false)).toEqual([]);
    const happened = await timelineOf(upload.id);
    expect(happened).toContain('upload.looked-at.changed');
    expect(happened).toContain('mail.upload-changed.sent');
    expect((await instrument.get(upload.id)).warnings).toEqual([expect.stringContaining('has changed since')]);
    const metrics = await (await fetch(`${stage.server}/metrics`)).text();
    expect(metrics).toMatch(/dispatch_later_looks\{state="changed"\} [1-9]/);

    // The next day the same is still so: that is no news.
    expect(await look(stage, upload.id)).toEqual({
      look: 2,
      finding: 'changed',
      files: 2,
      differences: 1,
      is_told: false,
    });
    expect(await notices(upload)).toHaveLength(1);
    expect(await mailsAbout(stage, 'deputy@example.org', upload.folder, CHANGED)).toHaveLength(1);
    await expect(dueNow(stage, upload.id)).rejects.toThrow('No look');
  });

  it('is sealed in the chain of the platform', async () => {
    const upload = await uploaded(instrument, { name: 'sealed' });
    await look(stage, upload.id);
    const found = await stage.database.query<{ id: string; platform_id: string }>(
      'select id, platform_id from upload_look where upload_id = $1',
      [upload.id],
    );
    const [made] = found.rows;
    await until('its seal', async () => {
      const seals = await stage.database.query('select 1 from chain_seal where entry_id = $1 and kind = $2', [
        made?.id,
        'upload-look',
      ]);
      return seals.rowCount === 1 ? true : undefined;
    });
    const { chains } = await stage.program.admin.expect<{ chains: { ok: boolean; problems: object[] }[] }>(
      200,
      'GET',
      `/api/v1/admin/audit/verify?chain=${made?.platform_id}`,
    );
    expect(chains).toEqual([expect.objectContaining({ ok: true, problems: [] })]);
    await expect(
      stage.database.query(`update upload_look set finding = 'changed' where id = $1`, [made?.id]),
    ).rejects.toThrow();
  });
});

describe('a folder that somebody changes', () => {
  it('is told with what is missing and what was not part of it, and told again when something else changes', async () => {
    const upload = await uploaded(instrument, { name: 'meddled' });
    await meddler.destroy(upload, 'b.txt');
    await meddler.write(upload, 'new.txt', 'not of this upload');
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'changed', files: 2, differences: 2, is_told: true });
    const [first] = await notices(upload);
    expect(first?.text).toContain('- b.txt (is missing)');
    expect(first?.text).toContain('- new.txt (was not part of the upload)');
    await meddler.write(upload, 'new.txt', 'another one');
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'changed', files: 2, differences: 2, is_told: true });
    expect(await notices(upload)).toHaveLength(2);
  });

  it('is not told of where every file is as it was verified, however often it was touched', async () => {
    const upload = await uploaded(instrument, { name: 'touched' });
    await meddler.write(upload, 'a.txt', 'verified');
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'as-verified', differences: 0, is_told: false });
    expect(await adminView(upload.id)).toMatchObject({ changed: false });
    expect((await instrument.get(upload.id)).warnings).toEqual([]);
    await meddler.write(upload, 'a.txt', 'altered');
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'changed', differences: 1, is_told: true });
    expect(await notices(upload)).toHaveLength(1);
  });

  it('is no longer shown as changed once the verified files are back', async () => {
    const upload = await uploaded(instrument, { name: 'mended' });
    await meddler.write(upload, 'a.txt', 'altered');
    await look(stage, upload.id);
    expect(await adminView(upload.id)).toMatchObject({ changed: true });
    await meddler.write(upload, 'a.txt', 'verified');
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'as-verified', is_told: false });
    expect(await adminView(upload.id)).toMatchObject({ changed: false });
    expect(await notices(upload)).toHaveLength(1);
  });

  it('is told to the contact of the platform where nobody else is to be told', async () => {
    const alone = await stage.instrument({ contact: { name: 'Desk', email: 'desk-of-looks@example.org' } });
    const upload = await uploaded(alone, { name: 'alone' });
    await meddler.write(upload, 'a.txt', 'altered');
    await look(stage, upload.id);
    expect(await mailsAbout(stage, 'desk-of-looks@example.org', upload.folder, CHANGED)).toHaveLength(1);
  });

  it('has names shown that break no line and are no link', async () => {
    const upload = await uploaded(instrument, { name: 'named' });
    await meddler.write(upload, 'www.evil.example', 'x');
    for (let count = 10; count < 35; count += 1) await meddler.write(upload, `more-${count}`, 'x');
    await look(stage, upload.id);
    const [mail] = await notices(upload);
    expect(mail?.sent).not.toMatch(/www\.evil|evil\.example/);
    expect(mail?.text).toContain('and 6 more');
    expect((await adminView(upload.id)).laterLooks[0]?.paths).toHaveLength(26);
  });
});

describe('what the service does itself', () => {
  it('is no change: dispatch, download, zip, copy, more time, a corrected address, a reshare, what is written beside', async () => {
    const upload = await uploaded(instrument, { name: 'busy', recipients: ['busy@example.org'] });
    const link = linkIn(await stage.program.mailbox.next('busy@example.org', new RegExp(upload.folder)));
    const token = link.slice(link.lastIndexOf('/') + 1);
    const anybody = new Api(stage.server);
    const started = await anybody.expect<{ id: string; mediaflux: { token: string } }>(
      201,
      'POST',
      `/api/v1/shares/${token}/downloads`,
    );
    const whole = { whole: true, files: 2, bytes: 17 };
    await anybody.call('POST', `/api/v1/shares/${token}/downloads/${started.id}/complete`, whole);
    const zip = await fetch(`${stage.server}/s/${token}/direct`, { method: 'POST' });
    expect(zip.status).toBe(200);
    await zip.arrayBuffer();
    const { id: copyId } = await anybody.expect<{ id: string }>(202, 'POST', `/api/v1/shares/${token}/copies`, {
      ...RESEARCHER,
      destination: `${OWN_PROJECT}/looked-at`,
    });
    await until('the copy', async () => {
      const { state } = await anybody.expect<{ state: string }>(200, 'GET', `/api/v1/shares/${token}/copies/${copyId}`);
      return state === 'completed' ? true : undefined;
    });
    const of = `/api/v1/uploads/${upload.id}/deliveries`;
    await instrument.api.expect(201, 'POST', of, { recipient: 'right@example.org' });
    const [first] = (await adminView(upload.id)).deliveries;
    await stage.program.admin.expect(201, 'POST', `/api/v1/admin/uploads/${upload.id}/deliveries`, {
      recipient: 'busy@example.org',
    });
    await stage.program.admin.call('POST', `/api/v1/admin/deliveries/${first?.id}/extend`, { linkLifetime: 'P60D' });
    await stage.program.admin.call('POST', `/api/v1/admin/deliveries/${first?.id}/revoke`);
    await until('all of it being written to the manifest asset', async () => {
      const waiting = await stage.database.query('select 1 from delivery_change where upload_id = $1', [upload.id]);
      return waiting.rowCount === 0 ? true : undefined;
    });
    expect((await adminView(upload.id)).deliveries).toHaveLength(3);
    for (const number of [1, 2])
      expect(await look(stage, upload.id)).toEqual({
        look: number,
        finding: 'unchanged',
        files: 2,
        differences: null,
        is_told: false,
      });
    expect(await notices(upload)).toEqual([]);
    expect(await timelineOf(upload.id)).not.toContain('upload.looked-at.changed');
  });

  it('is no change where the manifest has empty folders, and somebody touches a file', async () => {
    const upload = await instrument.start({ name: 'hollow' });
    const sender = new Sender(upload.mediaflux);
    await sender.send('a.txt', 'verified');
    await sender.makeFolder('empty');
    await instrument.putManifest(
      upload.id,
      `${sender.manifest}\n${JSON.stringify({ path: 'empty/', type: 'directory' })}`,
    );
    await sender.close();
    expect(await instrument.complete(upload.id)).toMatchObject({ state: 'complete' });
    await meddler.write(upload, 'a.txt', 'verified');
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'as-verified', differences: 0 });
  });
});

describe('a folder that is gone', () => {
  it('ends the deliveries and is told as such, not as a change', async () => {
    const upload = await uploaded(instrument, { name: 'vanished', recipients: ['van@example.org'] });
    await stage.program.mailbox.next('van@example.org', new RegExp(upload.folder));
    await meddler.destroyNamespace(`${PROJECT}/${upload.folder}`);
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'gone', files: null, is_told: false });
    expect((await adminView(upload.id)).deliveries).toEqual([expect.objectContaining({ state: 'gone' })]);
    expect(await mailsAbout(stage, OPS, upload.folder, 'is no longer in Mediaflux')).toHaveLength(1);
    expect(await notices(upload)).toEqual([]);
    await expect(dueNow(stage, upload.id)).rejects.toThrow('No look');
  });

  it('is told to nobody where its links were revoked before', async () => {
    const upload = await uploaded(instrument, { name: 'withdrawn', recipients: ['wit@example.org'] });
    await stage.program.mailbox.next('wit@example.org', new RegExp(upload.folder));
    for (const { id } of (await adminView(upload.id)).deliveries)
      await stage.program.admin.call('POST', `/api/v1/admin/deliveries/${id}/revoke`);
    await meddler.destroyNamespace(`${PROJECT}/${upload.folder}`);
    expect(await look(stage, upload.id)).toMatchObject({ finding: 'gone' });
    expect(await mailsAbout(stage, OPS, upload.folder, '')).toEqual([
      expect.objectContaining({ subject: expect.stringContaining('has arrived') }),
    ]);
  });

  it('is not taken for gone where the platform’s namespace is not seen either', async () => {
    const namespace = `${PROJECT}/apart`;
    await meddler.makeNamespace(namespace);
    const apart = await stage.instrument({ namespace }, { notify: [OPS] });
    const upload = await uploaded(apart, { name: 'apart', recipients: ['apa@example.org'] });
    await stage.program.mailbox.next('apa@example.org', new RegExp(upload.folder));
    await meddler.destroyNamespace(namespace);
    await dueNow(stage, upload.id);
    await until('a try that failed', async () => {
      const tried = await stage.database.query('select 1 from later_look where upload_id = $1 and failures > 0', [
        upload.id,
      ]);
      return tried.rowCount === 1 ? true : undefined;
    });
    expect(await looksAt(stage, upload.id)).toEqual([]);
    expect((await adminView(upload.id)).deliveries).toEqual([expect.objectContaining({ state: 'open' })]);
  });
});
