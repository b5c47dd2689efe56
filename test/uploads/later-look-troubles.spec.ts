// Later looks when something is in the way: Mediaflux away or refusing, several servers, a server that is killed. Each
// look is made once, and its operators are told once.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Instrument, type StartedUpload } from '../support/instrument.js';
import { HeldRows } from '../support/held-rows.js';
import { Program, settingsOf } from '../support/program.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';
import { dueNow, look, looksAt, mailsAbout, mailsEnded, Meddler, uploaded } from './looked.js';

const OPS = 'ops@example.org';
const stage = stageOf({ env: PROMPT });
let instrument: Instrument;
let meddler: Meddler;
beforeAll(async () => {
  instrument = await stage.instrument({}, { notify: [OPS] });
  meddler = new Meddler(stage.emulator.url);
});
afterAll(() => meddler.close());

const notices = ({ folder }: StartedUpload) => mailsAbout(stage, OPS, folder, 'has changed since it was verified');

async function changed(name: string): Promise<StartedUpload> {
  const upload = await uploaded(instrument, { name });
  await meddler.write(upload, 'a.txt', 'altered');
  return upload;
}

const planned = async (uploadId: string) =>
  (
    await stage.database.query<{ look: number; failures: number; attempt: number; due: number; pause: number }>(
      `select l.look, l.failures, l.attempt, round(extract(epoch from l.due_at - u.completed_at))::int as due,
              round(extract(epoch from l.not_before - now()))::int as pause
         from later_look l
         join upload u on u.id = l.upload_id
        where u.id = $1`,
      [uploadId],
    )
  ).rows[0];

/** Mediaflux has refused the look as often as it is tried in a week. */
async function refusedForAWeek(uploadId: string): Promise<void> {
  await stage.database.query('update later_look set failures = 173 where upload_id = $1', [uploadId]);
}

const made = (uploadId: string, count: number) =>
  until('the looks', async () => {
    const looks = await looksAt(stage, uploadId);
    return looks.length >= count ? looks : undefined;
  });

describe('the plan of looks', () => {
  it('is an hour and a day after completion, and nothing is looked at before', async () => {
    const upload = await changed('planned');
    expect(await planned(upload.id)).toMatchObject({ look: 1, due: 3_600, attempt: 0 });
    await look(stage, upload.id);
    expect(await planned(upload.id)).toMatchObject({ look: 2, due: 86_400, failures: 0 });
    // A look at another upload since shows that sweeps have come by.
    await look(stage, (await changed('passed-by')).id);
    expect(await looksAt(stage, upload.id)).toHaveLength(1);
    await look(stage, upload.id);
    expect(await planned(upload.id)).toBeUndefined();
  });

  it('is one look where the service was away for longer than a day', async () => {
    const upload = await changed('slept');
    await stage.database.query(`update upload set completed_at = now() - interval '3 days' where id = $1`, [upload.id]);
    expect(await look(stage, upload.id)).toMatchObject({ look: 2, finding: 'changed', is_told: true });
    expect(await planned(upload.id)).toBeUndefined();
    expect(await notices(upload)).toHaveLength(1);
  });

  it('comes with completion only', async () => {
    const upload = await instrument.start({ name: 'never-ended' });
    expect(await planned(upload.id)).toBeUndefined();
  });
});

describe('a later look', () => {
  it('waits for a Mediaflux that is away, for as long as it takes, and is made then', async () => {
    const upload = await changed('waited');
    stage.faults.set({ action: { status: 503 } });
    await stage.database.query(`update later_look set due_at = now() - interval '30 days' where upload_id = $1`, [
      upload.id,
    ]);
    await dueNow(stage, upload.id);
    await until('two tries', async () => {
      const tried = await planned(upload.id);
      if ((tried?.attempt ?? 0) >= 2) return true;
      // The pause is short, and another test's matter.
      if ((tried?.attempt ?? 0) === 1 && (tried?.pause ?? 0) <= 10) await dueNow(stage, upload.id);
      return undefined;
    });
    expect(await planned(upload.id)).toMatchObject({ failures: 0 });
    expect(await looksAt(stage, upload.id)).toEqual([]);
    stage.faults.clear();
    await until('Mediaflux being asked again', async () => {
      if ((await looksAt(stage, upload.id)).length > 0) return true;
      // Not the one after it, which may be planned by now.
      await stage.database.query(
        `update later_look set not_before = least(not_before, now()) where upload_id = $1 and look = 1`,
        [upload.id],
      );
      return undefined;
    });
    expect(await looksAt(stage, upload.id)).toEqual([expect.objectContaining({ finding: 'changed', is_told: true })]);
    expect(await notices(upload)).toHaveLength(1);
  });

  it('that Mediaflux refuses is tried again ever more slowly, given up after a week, and shown as not made', async () => {
    const upload = await changed('refused');
    stage.faults.set({ service: 'asset.query', action: { error: 'the index is being rebuilt' } });
    await dueNow(stage, upload.id);
    const failed = (count: number) =>
      until('a try that failed', async () => {
        const found = await planned(upload.id);
        return found?.failures === count ? found : undefined;
      });
    expect((await failed(1)).pause).toBeGreaterThan(50);
    await dueNow(stage, upload.id);
    expect((await failed(2)).pause).toBeGreaterThan(110);
    await refusedForAWeek(upload.id);
    await dueNow(stage, upload.id);
    expect(await made(upload.id, 1)).toEqual([expect.objectContaining({ finding: 'not-seen', files: null })]);
    stage.faults.clear();
    expect((await instrument.get(upload.id)).warnings).toEqual([expect.stringContaining('could not be looked up')]);
    expect(await notices(upload)).toEqual([]);
    // The next one finds it.
    expect(await look(stage, upload.id)).toMatchObject({ look: 2, finding: 'changed', is_told: true });
    expect(await notices(upload)).toHaveLength(1);
  });

  it('that comes more than a week late is not given up because Mediaflux refuses it once', async () => {
    const upload = await changed('late');
    await stage.database.query(`update later_look set due_at = now() - interval '8 days' where upload_id = $1`, [
      upload.id,
    ]);
    stage.faults.set({ service: 'asset.query', action: { error: 'the index is being rebuilt' } });
    await dueNow(stage, upload.id);
    await until('a try that failed', async () => {
      const failures = (await planned(upload.id))?.failures ?? 0;
      return failures > 0 || (await looksAt(stage, upload.id)).length > 0 ? true : undefined;
    });
    stage.faults.clear();
    expect(await looksAt(stage, upload.id)).toEqual([]);
    expect(await planned(upload.id)).toMatchObject({ look: 1, failures: 1 });
    expect(await look(stage, upload.id)).toMatchObject({ look: 1, finding: 'changed', is_told: true });
    expect(await notices(upload)).toHaveLength(1);
  });

  it('that could not be made hides nothing of what the one before found', async () => {
    const upload = await changed('hidden');
    await look(stage, upload.id);
    await refusedForAWeek(upload.id);
    stage.faults.set({ service: 'asset.query', action: { error: 'the index is being rebuilt' } });
    expect(await look(stage, upload.id)).toMatchObject({ look: 2, finding: 'not-seen' });
    expect((await instrument.get(upload.id)).warnings).toEqual([
      expect.stringContaining('has changed since'),
      expect.stringContaining('could not be looked up'),
    ]);
    expect(await stage.program.admin.expect(200, 'GET', `/api/v1/admin/uploads/${upload.id}`)).toMatchObject({
      changed: true,
    });
  });

  it('is made once by two servers that find it due at once', async () => {
    const copy = await Program.start({
      env: { ...stage.program.sharedSettings, ...settingsOf(stage.emulator.url), ...PROMPT },
    });
    const uploads = await Promise.all(['p', 'q', 'r', 's', 't', 'u'].map((name) => changed(`two-${name}`)));
    await stage.database.query('update later_look set not_before = now() where upload_id = any($1)', [
      uploads.map(({ id }) => id),
    ]);
    for (const { id } of uploads) expect(await made(id, 1)).toHaveLength(1);
    for (const upload of uploads) expect(await notices(upload)).toHaveLength(1);
    await copy.stop();
  });

  it('whose server stood still and was overtaken changes nothing', async () => {
    const upload = await changed('overtaken');
    const isHeld = stage.hold('asset.query');
    await dueNow(stage, upload.id);
    await isHeld();
    // As if its lease had ended and another server had taken it.
    await stage.database.query(
      `update later_look set attempt = attempt + 1, not_before = now() + interval '1 hour' where upload_id = $1`,
      [upload.id],
    );
    stage.faults.clear();
    await look(stage, (await changed('next-one')).id);
    expect(await looksAt(stage, upload.id)).toEqual([]);
    expect(await notices(upload)).toEqual([]);
    expect(await look(stage, upload.id)).toMatchObject({ is_told: true });
    expect(await notices(upload)).toHaveLength(1);
  });

  /** After its lease has ended, or at once. */
  const afterTheLease = async (upload: StartedUpload): Promise<void> => {
    await stage.startServer();
    instrument = new Instrument(stage.server, instrument.token);
    await made(upload.id, 1);
    expect(await looksAt(stage, upload.id)).toEqual([expect.objectContaining({ finding: 'changed', is_told: true })]);
    expect(await notices(upload)).toHaveLength(1);
  };

  it('is made again, and told once, when its server is killed while it looks', async () => {
    const upload = await changed('killed-looking');
    const isHeld = stage.hold('asset.query');
    await dueNow(stage, upload.id);
    await isHeld();
    await stage.program.kill();
    stage.faults.clear();
    expect(await looksAt(stage, upload.id)).toEqual([]);
    await afterTheLease(upload);
  });

  it('is made again, and told once, when its server is killed between the look and the notice', async () => {
    const upload = await changed('killed-telling');
    const isHeld = stage.hold('asset.query', 2);
    await dueNow(stage, upload.id);
    await isHeld();
    // What the look finds is known soon, and waits for the row.
    const rows = await stage.holdRows('select 1 from later_look where upload_id = $1', [upload.id]);
    stage.faults.clear();
    await rows.areWaitedFor();
    await stage.program.kill();
    await rows.release();
    expect(await looksAt(stage, upload.id)).toEqual([]);
    await afterTheLease(upload);
  });

  it('is made again, and told once, when its server is killed while the notice is being queued', async () => {
    const upload = await changed('killed-queueing');
    await mailsEnded(stage);
    const outbox = await HeldRows.holdTable(stage.program.endpoints.database, 'mail_outbox', 'exclusive');
    await dueNow(stage, upload.id);
    await until('the notice waiting for the outbox', async () => {
      const waiting = await stage.database.query(
        `select 1
           from pg_stat_activity
          where datname = current_database()
            and wait_event_type = 'Lock'
            and query ~ '^\\s*insert into mail_outbox'`,
      );
      return waiting.rowCount === 1 ? true : undefined;
    });
    await stage.program.kill();
    await outbox.release();
    expect(await looksAt(stage, upload.id)).toEqual([]);
    await afterTheLease(upload);
  });
});
