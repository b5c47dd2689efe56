// Limits on copies: how many at once, and how many bytes a second; what a revocation stops in the middle of a file; and
// how much memory a large file takes.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { CopyStage, OWN_PROJECT } from '../support/copies.js';
import { Program } from '../support/program.js';
import { until } from '../support/wait.js';

const LEAST_RATE = 65_536;
const AT_ONCE = 2;

let stage: CopyStage;

beforeAll(async () => {
  stage = await CopyStage.open({ COPY_PARALLEL: String(AT_ONCE), COPY_BYTES_PER_SECOND: String(LEAST_RATE) });
});
afterAll(() => stage.close());

it('copies wait for their turn: no more run at once than the setting says, and all complete', async () => {
  const delivery = await stage.dispatch(
    {},
    { 'a.dat': 'a'.repeat(LEAST_RATE / 2), 'b.dat': 'b'.repeat(LEAST_RATE / 2) },
  );
  const ids = await Promise.all(
    Array.from({ length: 5 }, (_, index) => stage.begin(delivery, `${OWN_PROJECT}/parallel-${index}`)),
  );
  const seen = new Set<number>();
  await until(
    'all being done',
    async () => {
      const { rows } = await stage.database.query<{ copying: number; done: number }>(
        `select count(*) filter (where state = 'copying') as copying, count(*) filter (where state = 'completed') as done
           from content_copy
          where id = any($1::uuid[])`,
        [ids],
      );
      seen.add(Number(rows[0]?.copying));
      return Number(rows[0]?.done) === ids.length ? true : undefined;
    },
    60_000,
  );
  expect(Math.max(...seen)).toBe(AT_ONCE);
});

it('a revocation stops a copy in the middle of a file, which then is not there', async () => {
  const delivery = await stage.dispatch({}, { 'large.dat': 'x'.repeat(20 * LEAST_RATE) });
  const destination = `${OWN_PROJECT}/revoked`;
  const id = await stage.begin(delivery, destination);
  const stateOf = async () =>
    (
      await stage.database.query<{ state: string; reason: string }>(
        'select state, reason from content_copy where id = $1',
        [id],
      )
    ).rows[0];
  await until('the copy being under way', async () => ((await stateOf())?.state === 'copying' ? true : undefined));
  await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/revoke`);
  const ended = await until('the copy to end', async () => {
    const found = await stateOf();
    return found?.state === 'copying' ? undefined : found;
  });
  expect(ended).toMatchObject({ state: 'failed', reason: expect.stringMatching(/link was ended by the platform/) });
  expect(await stage.held(destination)).toEqual({});
  await stage.tokensBecome(0);
});

it('a rate that would run into time limits is refused by name, and so is a number of none', async () => {
  const program = Program.spawn({ env: { COPY_BYTES_PER_SECOND: '1000', COPY_PARALLEL: '0' } });
  expect(await program.ended()).not.toBe(0);
  expect(program.output).toContain('COPY_BYTES_PER_SECOND must be a whole number of bytes, at least 65536.');
  expect(program.output).toContain('COPY_PARALLEL must be a whole number from 1 to 64.');
});

// What a process takes at most is read from /proc, which Linux alone has.
(process.platform === 'linux' ? it : it.skip)('a large file takes a part of its size in memory', async () => {
  const plain = await CopyStage.open();
  try {
    const size = 256 * 1024 * 1024;
    const most = (): number =>
      Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${plain.program.child.pid ?? 0}/status`, 'utf8'))?.[1]) *
      1024;
    const delivery = await plain.dispatch({}, { 'large.dat': 'x'.repeat(size) });
    const before = most();
    const id = await plain.begin(delivery, `${OWN_PROJECT}/large`);
    expect((await plain.ended(delivery, id)).state).toBe('completed');
    expect(most() - before).toBeLessThan(size / 2);
  } finally {
    await plain.close();
  }
});
