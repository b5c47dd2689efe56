// Small files go without asking what arrived of each: the server's listing of all of them tells.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const FILES = 40;
const nameOf = (index: number): string => `plane-${String(index).padStart(2, '0')}.tif`;

it('one that arrives damaged long after the first ones is found by the server, sent again, and asked about then', async () => {
  const folder = join(stage.work, 'damaged');
  const tree = Object.fromEntries(
    Array.from({ length: FILES }, (_, index) => [nameOf(index), bytesOf(`plane ${index}`, 2_000)]),
  );
  writeTree(folder, tree);
  stage.emulator.faults.forgetCalls();
  stage.proxy.damageOnce(bytesOf('plane 35', 2_000).subarray(0, 64));
  const finished = await stage.upload(folder).finished;
  expect(finished).toMatchObject({ code: 0 });
  expect(finished.stderr.match(/found by the server/g)).toHaveLength(1);
  expect(finished.stderr).toContain(`${nameOf(35)}: found by the server: checksum`);
  expect(eventsIn(finished.stdout).at(-1)).toMatchObject({ event: 'done', files: FILES, bytes: FILES * 2_000 });
  const calls = stage.emulator.faults.calls();
  const asked = calls.filter(({ inner }) => inner[0] === 'asset.set' && inner[1] === 'asset.get');
  const alone = calls.filter(({ service }) => service === 'asset.set');
  // The first sixteen, with as many more as were under way by then; the one that was damaged; the server's manifest.
  expect(asked.length).toBeGreaterThanOrEqual(18);
  expect(asked.length).toBeLessThanOrEqual(18 + 4);
  expect(asked.length + alone.length).toBe(FILES + 2);
  const link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
  const out = join(stage.work, 'out');
  expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(folder));
});
