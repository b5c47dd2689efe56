// The queue on Redis instead of PostgreSQL: the same journey.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { platformWith } from '../support/api.js';
import { writeSampleTree } from '../support/files.js';
import { dataMover, freshFolder, Program } from '../support/program.js';

const isHere = process.env['TEST_REDIS_URL'] !== undefined || spawnSync('redis-server', ['--version']).status === 0;
let redis: ChildProcess | undefined;
let url = process.env['TEST_REDIS_URL'] ?? '';

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

beforeAll(async () => {
  if (!isHere || url !== '') return;
  const port = await freePort();
  url = `redis://127.0.0.1:${port}`;
  redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', freshFolder()], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve) =>
    redis?.stdout?.on('data', (text: Buffer) => (text.includes('Ready to accept') ? resolve() : undefined)),
  );
});
afterAll(() => {
  redis?.kill();
});

// Where there is no Redis, `npm test` names it among the parts that were not exercised.
(isHere ? describe : describe.skip)('with REDIS_URL', () => {
  it('verifies, dispatches, reminds and stops', async () => {
    const program = await Program.start({ env: { REDIS_URL: url } });
    const platform = platformWith({
      reminders: { enabled: true, schedule: '*/2 * * * * *', minimumAge: 'PT1S', minimumSpacing: 'PT1H' },
    });
    const { id } = await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platform);
    const { settingsXml } = await program.admin.expect<{ settingsXml: string }>(
      201,
      'POST',
      `/api/v1/admin/platforms/${id}/shareables`,
      { label: 'PC' },
    );
    const work = freshFolder();
    writeSampleTree(join(work, 'in'));
    writeFileSync(join(work, 'settings.xml'), settingsXml);
    const sent = await dataMover(
      ['upload', '--settings', join(work, 'settings.xml'), '--to', 'ada@example.org', '--json', join(work, 'in')],
      join(work, 'state'),
    );
    expect(sent.code).toBe(0);
    await program.mailbox.next('ada@example.org', /your data/);
    await program.mailbox.next('ada@example.org', /Reminder/);
    expect(await program.stop()).toBe(0);
  });
});
