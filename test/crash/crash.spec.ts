// The journey with the server killed at seeded moments and started again: it ends as it would have without. No mail is
// lost, no reminder doubled, no upload stuck.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { freePort } from '../support/free-port.js';
import { writeSettings } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { dataMover, type Finished, Program, type ProgramOptions } from '../support/program.js';
import { generator } from '../support/random.js';
import { until } from '../support/wait.js';

const KILLS = process.env['DISPATCH_TEST_LONG'] ? 40 : 8;
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_124);
const RECIPIENTS = ['ada@example.org', 'bea@example.org'];

const work = freshFolder();
let program: Program;
let options: ProgramOptions;

beforeAll(async () => {
  // The client's address of Mediaflux and the server must outlive a restart.
  options = {
    dataDir: join(work, 'data'),
    env: { PORT: String(await freePort()), EMULATOR_PORT: String(await freePort()) },
    hasOwnPostgres: true,
  };
  program = await Program.start(options);
});
afterAll(async () => {
  await program.stop();
});

it(
  `ends the same after ${KILLS} kills (seed ${SEED})`,
  async () => {
    const random = generator(SEED);
    const platform = {
      reminders: {
        enabled: true,
        schedule: '*/3 * * * * *',
        minimumAge: 'PT1S',
        minimumSpacing: 'PT2S',
        operatorNotice: 'shareable',
      },
    };
    const platformId = await writeSettings(program, join(work, 'settings.xml'), platform, {
      notify: ['ops@example.org'],
    });
    writeTree(
      join(work, 'in'),
      Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`f${index % 5}/file-${index}.bin`, bytesOf(`f${index}`, 200_000)]),
      ),
    );
    const args = [
      'upload',
      '--settings',
      join(work, 'settings.xml'),
      ...RECIPIENTS.flatMap((address) => ['--to', address]),
      '--json',
      join(work, 'in'),
    ];

    // The client is run again whenever it gives up, as a person would.
    const upload = (async (): Promise<Finished> => {
      for (;;) {
        const finished = await dataMover(args, join(work, 'state'));
        if (finished.code === 0) return finished;
      }
    })();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const start = performance.now();
      const afterMs = random() * 2_500;
      await until('the next moment to kill', () => (performance.now() - start > afterMs ? true : undefined));
      await program.kill();
      program = await Program.start(options);
    }
    const finished = await upload;
    expect(finished.stdout).toContain('"event":"done"');

    // Everything that was decided ends: mails are out, runs are finished.
    for (const recipient of RECIPIENTS) await program.mailbox.next(recipient, /your data/);
    await program.admin.expect(200, 'PATCH', `/api/v1/admin/platforms/${platformId}`, {
      reminders: { enabled: false },
    });
    await until(
      'every mail and run to end',
      async () => {
        const mails = await program.admin.expect<{ items: { state: string }[] }>(
          200,
          'GET',
          '/api/v1/admin/mails?limit=1000',
        );
        const runs = await program.admin.expect<{ items: { state: string }[] }>(
          200,
          'GET',
          `/api/v1/admin/platforms/${platformId}/reminder-runs?limit=1000`,
        );
        const open = [...mails.items, ...runs.items].filter(({ state }) =>
          ['pending', 'sending', 'selecting'].includes(state),
        );
        return open.length === 0 ? true : undefined;
      },
      45_000,
    );
    const uploads = await program.admin.expect<{ items: { id: string; state: string; files: number }[] }>(
      200,
      'GET',
      '/api/v1/admin/uploads',
    );
    expect(uploads.items.map(({ state, files }) => [state, files])).toEqual([['complete', 40]]);
    const { deliveries } = await program.admin.expect<{ deliveries: { id: string; recipient: string }[] }>(
      200,
      'GET',
      `/api/v1/admin/uploads/${uploads.items[0]?.id ?? ''}`,
    );
    expect(deliveries.map(({ recipient }) => recipient).sort()).toEqual(RECIPIENTS);

    const caught = await program.mailbox.all();
    for (const recipient of RECIPIENTS) {
      const dispatched = caught.filter(
        (mail) => mail.to.includes(recipient) && mail.messageId.startsWith('<dispatch-'),
      );
      expect(new Set(dispatched.map((mail) => mail.messageId)).size).toBe(1);
      // A crash between the final dot and its record may repeat it; no more than once for each kill.
      expect(dispatched.length).toBeLessThanOrEqual(2);
    }
    const reminders = caught.filter(
      (mail) => mail.messageId.startsWith('<reminder-') && !mail.messageId.startsWith('<reminder-notice'),
    );
    expect(reminders.length).toBe(new Set(reminders.map((mail) => mail.messageId)).size);
    for (const { id } of deliveries) {
      const detail = await program.admin.expect<{ reminders: { state: string; messageId: string }[] }>(
        200,
        'GET',
        `/api/v1/admin/deliveries/${id}`,
      );
      const sent = detail.reminders.filter(({ state }) => state === 'sent').map(({ messageId }) => messageId);
      for (const messageId of sent) expect(reminders.map((mail) => mail.messageId)).toContain(messageId);
    }
    const link = linkIn(await program.mailbox.next('ada@example.org', /your data/));
    const fetched = await dataMover(['download', link, join(work, 'out'), '--json'], join(work, 'state'));
    expect(fetched.code).toBe(0);
    expect(contentsOf(join(work, 'out'))).toEqual(contentsOf(join(work, 'in')));
  },
  60_000 + KILLS * 15_000,
);
