// A download fetches what Mediaflux has listed while the rest of the list is still to come; small files are written by a
// thread beside it, where there can be one.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { FaultAction } from '../../emulator/control/faults.js';
import { contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { fullFor, mayBeFull } from './full-file.js';
import { Stage } from './stage.js';

/** More than one part of a list, and more than are written without a thread. */
const FILES = 1_300;
let stage: Stage;
let database: pg.Client;
let source: string;
let link: string;

beforeAll(async () => {
  stage = await Stage.open();
  database = new pg.Client({ connectionString: stage.program.endpoints.database });
  await database.connect();
  source = join(stage.work, 'in');
  writeTree(
    source,
    Object.fromEntries(Array.from({ length: FILES }, (_, index) => [`f${index + 1_000}.txt`, `content of ${index}`])),
  );
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
afterEach(() => stage.emulator.faults.clear());
afterAll(async () => {
  await database.end();
  await stage.close();
});

/** What becomes of all parts of the list but the first. */
const theRest = (action: FaultAction): void =>
  stage.emulator.faults.set({ service: 'asset.query.iterate', after: 1, action });

it('fetches files that were listed while the rest of the list is still to come', async () => {
  const out = join(stage.work, 'beside');
  theRest({ hold: true });
  const mover = stage.mover('download', link, out);
  await until('the files of the first part', () =>
    existsSync(out) && readdirSync(out).length > 900 ? true : undefined,
  );
  expect(readdirSync(out).length).toBeLessThan(FILES);
  stage.emulator.faults.clear();
  expect(await mover.finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

(mayBeFull ? it : it.skip)(
  'asks for no more of the list when the download has ended, and leaves no credential behind',
  async () => {
    const out = join(stage.work, 'full');
    // It would be refused by then, and a new credential asked for.
    theRest({ delayMs: 1_500 });
    const nodeOptions = fullFor(/portion-3-10$/);
    const finished = await stage.moverOn({ nodeOptions }, 'download', link, out).finished;
    expect(finished).toMatchObject({ code: 1 });
    expect(finished.stderr).toContain('the disk is full');
    expect(finished.stderr).not.toContain('Waiting');
    stage.emulator.faults.clear();
    const { rows } = await database.query<{ state: string; live: number }>(
      `select d.state, (select count(*)::int from mediaflux_credential c where c.download_id = d.id and c.destroyed_at is null) as live
       from download d order by d.started_at desc limit 1`,
    );
    expect(rows).toEqual([{ state: 'failed', live: 0 }]);
    expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(source));
  },
);

const WITHOUT_THREADS = `
  import threads from 'node:worker_threads';
  import { EventEmitter } from 'node:events';
  import { syncBuiltinESMExports } from 'node:module';
  threads.Worker = class extends EventEmitter {
    postMessage() { setImmediate(() => this.emit('error', new Error('There is no room for a thread.'))); }
    terminate() { return Promise.resolve(0); }
  };
  syncBuiltinESMExports();`;

it('writes the files itself on a computer that has no room for a thread', async () => {
  const out = join(stage.work, 'alone');
  const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(WITHOUT_THREADS)}`];
  expect(await stage.moverOn({ nodeOptions }, 'download', link, out).finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});
