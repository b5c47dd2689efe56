// A content that is still on its way when its upload's credential ends. Where Mediaflux judges it when it commits, nothing
// changes; where it was admitted before, the complete upload holds something else than was verified, and whoever compares
// with the manifest refuses it. Assumption p.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { contentsOf } from '../support/files.js';
import { Instrument, makeShareable, Sender } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { eventsIn, Stage } from '../data-mover/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  stage.emulator.faults.clear();
  await stage.close();
});

/** An upload that became complete while a content was held; it goes on afterwards. Answers the link, and how that ended. */
async function withLateContent(recipient: string, action: { hold: true } | { holdAdmitted: true }) {
  const { faults } = stage.emulator;
  const { token } = await makeShareable(stage.program, stage.platformId);
  const instrument = new Instrument(stage.program.endpoints.server, token);
  const { id, mediaflux } = await instrument.start({ recipients: [recipient] });
  const sender = new Sender(mediaflux);
  await sender.send('a.txt', 'verified');
  await sender.send('b.txt', 'untouched');
  const { manifest } = sender;
  faults.forgetCalls();
  faults.set({ service: 'asset.set', times: 1, action });
  const late = sender.send('a.txt', 'too late').then(
    () => 'taken' as const,
    () => 'refused' as const,
  );
  await until('the content being held', () =>
    faults.calls().some(({ inner }) => inner.includes('asset.set')) ? true : undefined,
  );
  expect((await instrument.putManifest(id, manifest)).status).toBe(204);
  expect(await instrument.complete(id)).toMatchObject({ state: 'complete', files: 2 });
  faults.clear();
  const ended = await late;
  await sender.close();
  const link = linkIn(await stage.program.mailbox.next(recipient, /your data/));
  expect((await instrument.get(id)).state).toBe('complete');
  return { link, ended };
}

it('changes nothing where Mediaflux judges it when it commits', async () => {
  const { link, ended } = await withLateContent('late@example.org', { hold: true });
  expect(ended).toBe('refused');
  const out = join(stage.work, 'late');
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
  expect(Object.keys(contentsOf(out)).sort()).toEqual(['a.txt', 'b.txt']);
});

it('is never given to anybody as what was verified by the Data Mover, where Mediaflux had admitted it', async () => {
  const { link, ended } = await withLateContent('admitted@example.org', { holdAdmitted: true });
  // That a server may do so is the assumption's other side; here it is shown what it comes to.
  expect(ended).toBe('taken');
  const out = join(stage.work, 'admitted');
  const finished = await stage.mover('download', link, out, '--json').finished;
  expect(finished).toMatchObject({ code: 1 });
  const errors = eventsIn(finished.stdout).filter(({ event, path }) => event === 'error' && path !== undefined);
  expect(errors).toEqual([expect.objectContaining({ path: 'a.txt', message: expect.stringContaining('checksum') })]);
  expect(Object.keys(contentsOf(out))).toEqual(['b.txt']);
});
