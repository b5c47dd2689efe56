// A verification that cannot come to its end: it is tried again ever more slowly, the operators and whoever looks after
// the service are told once, figures show it, and it ends by itself once the reason is gone.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { MediafluxError } from '../../src/mediaflux/index.js';
import { Transactions } from '../../src/database/index.js';
import { VerificationTroubles } from '../../src/uploads/verification/verification-troubles.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { type Instrument, Sender } from '../support/instrument.js';
import { makePlatform as makePlatformRow, makeUpload } from '../support/make.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

describe('a verification that cannot go on', () => {
  const stage = stageOf({ env: { ...PROMPT, ALERT_EMAIL: 'alert@example.org' } });
  let instrument: Instrument;
  beforeAll(async () => {
    instrument = await stage.instrument({}, { notify: ['ops@example.org'] });
  });

  const figures = async (): Promise<string[]> =>
    (await (await fetch(`${stage.server}/metrics`)).text())
      .split('\n')
      .filter((line) => line.startsWith('dispatch_verifications{'))
      .sort();

  it('is told of once, shown in figures, and ends by itself when its reason is gone', async () => {
    const upload = await instrument.start({ name: 'stuck' });
    const sender = new Sender(upload.mediaflux);
    await sender.send('a', 'a');
    await instrument.putManifest(upload.id, sender.manifest);
    await sender.close();
    // Only the manifest asset is written so by the server.
    stage.faults.set({ service: 'asset.set', action: { error: 'the store is read only' } });
    await instrument.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
    // The pauses are another test's matter: here the next try may begin at once.
    const failures = async (): Promise<number> =>
      (
        await stage.database.query<{ failures: number }>(
          `update upload set verification_retry_at = least(verification_retry_at, now())
            where id = $1
        returning verification_failures as failures`,
          [upload.id],
        )
      ).rows[0]?.failures ?? 0;
    await until('five failures', async () => ((await failures()) >= 5 ? true : undefined));
    for (const recipient of ['ops@example.org', 'alert@example.org']) {
      const mail = await stage.program.mailbox.next(recipient, /stuck cannot be verified/);
      expect(mail.text).toMatch(/after \d+ tries that failed/);
      expect(mail.text).toContain('read only');
    }
    expect(await instrument.get(upload.id)).toMatchObject({
      state: 'verifying',
      verificationTrouble: expect.stringContaining('read only'),
    });
    expect(await figures()).toEqual([
      'dispatch_verifications{state="failing"} 1',
      'dispatch_verifications{state="going-on"} 0',
    ]);
    // The next try fails too, and nobody is told again.
    const before = await failures();
    await until('another failure', async () => ((await failures()) > before ? true : undefined));
    stage.faults.clear();
    await until('the next try', async () => {
      await failures();
      return (await instrument.get(upload.id)).state === 'complete' ? true : undefined;
    });
    expect(await instrument.get(upload.id)).toMatchObject({ verificationTrouble: null });
    await stage.program.mailbox.next('ops@example.org', /stuck has arrived/);
    const told = (await stage.program.mailbox.all()).filter((mail) => mail.subject.includes('cannot be verified'));
    expect(told.flatMap((mail) => mail.to).sort()).toEqual(['alert@example.org', 'ops@example.org']);
    expect(await figures()).toContain('dispatch_verifications{state="failing"} 0');
  });
});

describe('the pauses of a verification that fails', () => {
  let database: TestDatabase;
  let troubles: VerificationTroubles;
  let platformId: string;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createDatabase();
    troubles = new VerificationTroubles(new Transactions(database.dataSource));
    platformId = await makePlatformRow(database.dataSource, { stall_notice: 'P1D' });
  });
  afterAll(async () => {
    await database.close();
  });

  const verifying = (idle = '1 minute') =>
    database.dataSource.query<{ at: Date }[]>('select now() - $1::interval as at', [idle]).then(([row]) =>
      makeUpload(database.dataSource, platformId, {
        state: 'verifying',
        completed_at: null,
        last_progress_at: row?.at,
        manifest_id: randomUUID(),
      }),
    );
  const taken = (id: string, attempt = 0) => ({
    id,
    attempt,
    data_namespace: '/x/data',
    folder_namespace: '/x',
    manifest_id: randomUUID(),
    has_folders: false,
  });
  const standing = async (id: string) => {
    const [found] = await database.dataSource.query<{ failures: number; pause: number; trouble: string | null }[]>(
      `select verification_failures as failures, verification_trouble as trouble,
              round(extract(epoch from verification_retry_at - now()))::int as pause
         from upload where id = $1`,
      [id],
    );
    return found;
  };
  const told = () => database.dataSource.transaction((tx) => troubles.markToTell(tx));

  it('double up to five minutes, and after the fifth failure it is told of, once', async () => {
    const id = await verifying();
    const pauses: number[] = [];
    for (let failure = 1; failure <= 12; failure += 1) {
      await troubles.failed(taken(id), new Error('of our own'));
      pauses.push((await standing(id))?.pause ?? Number.NaN);
      const isTold = (await told()).includes(id);
      expect([failure, isTold]).toEqual([failure, failure === 5]);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    expect((await standing(id))?.trouble).not.toContain('of our own');
  });

  it('are short while Mediaflux is away, which is no failure of the verification', async () => {
    const id = await verifying();
    for (let tries = 0; tries < 6; tries += 1)
      await troubles.failed(taken(id), new MediafluxError('unreachable', 'It cannot be reached.'));
    expect(await standing(id)).toEqual({ failures: 0, pause: 10, trouble: 'It cannot be reached.' });
    expect(await told()).not.toContain(id);
  });

  it('are not those of a worker that was thought dead', async () => {
    const id = await verifying();
    await troubles.failed(taken(id, 7), new Error('late'));
    expect(await standing(id)).toEqual({ failures: 0, pause: null, trouble: null });
  });

  it('do not hide one that never fails and never ends', async () => {
    const [young, old] = [await verifying('23 hours'), await verifying('25 hours')];
    const marked = await told();
    expect(marked).toContain(old);
    expect(marked).not.toContain(young);
    expect(await told()).not.toContain(old);
  });
});
