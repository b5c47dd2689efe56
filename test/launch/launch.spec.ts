// Starting and stopping the whole program, and what a killed one leaves.

import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { platformWith } from '../support/api.js';
import { processesOf } from '../support/processes.js';
import { freshFolder } from '../support/folders.js';
import { Program, runCommand } from '../support/program.js';
import { until } from '../support/wait.js';

const gone = (dataDir: string) =>
  until('every process to end', () => (processesOf(dataDir).length === 0 ? true : undefined), 12_000);

describe('starting', () => {
  it('finds on a second start what the first left, refuses on a live folder, and leaves no process when it is stopped', async () => {
    const first = await Program.start({ hasOwnPostgres: true });
    expect(first.output).toContain(first.adminKey);
    await first.admin.expect(201, 'POST', '/api/v1/admin/platforms', platformWith());
    const refused = Program.spawn({ dataDir: `${first.dataDir}/.` });
    expect(await refused.ended()).toBe(1);
    expect(refused.output).toContain(`process ${first.child.pid ?? 0}`);
    await first.ready();
    // To the whole group, as Ctrl-C does.
    process.kill(-(first.child.pid ?? 0), 'SIGINT');
    expect(await first.ended()).toBe(0);
    await gone(first.dataDir);
    const second = await Program.start({ dataDir: first.dataDir, hasOwnPostgres: true });
    expect(second.output).not.toContain(second.adminKey);
    expect((await second.admin.expect<{ items: unknown[] }>(200, 'GET', '/api/v1/admin/platforms')).items).toHaveLength(
      1,
    );
    expect(await second.stop()).toBe(0);
    await gone(first.dataDir);
  });

  it('works after a kill at any moment, of a first start too', async () => {
    const dataDir = freshFolder();
    // From before initdb to after readiness.
    for (const afterMs of [250, 600, 900, 1_300, 1_900, 2_600]) {
      const program = Program.spawn({ dataDir });
      const start = performance.now();
      await until('the moment to kill', () => (performance.now() - start > afterMs ? true : undefined));
      await program.kill();
    }
    const last = await Program.start({ dataDir, hasOwnPostgres: true });
    await last.admin.expect(201, 'POST', '/api/v1/admin/platforms', platformWith());
    await last.kill();
    const again = await Program.start({ dataDir, hasOwnPostgres: true });
    expect((await again.admin.expect<{ items: unknown[] }>(200, 'GET', '/api/v1/admin/platforms')).items).toHaveLength(
      1,
    );
    expect(await again.stop()).toBe(0);
    await gone(dataDir);
  });

  it('is one command that ends with 0 when its group is told to', async () => {
    const dataDir = freshFolder();
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const env = { ...inherited, CI: 'true', DATA_DIR: dataDir, PORT: '0', EMULATOR_PORT: '0', MAILBOX_PORT: '0' };
    const npm = spawn('npm', ['start'], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until('readiness', () => (output.includes('Ready.') ? true : undefined), 60_000);
    const ended = new Promise<number | null>((resolve) => npm.once('exit', resolve));
    process.kill(-(npm.pid ?? 0), 'SIGTERM');
    expect(await ended).toBe(0);
    await gone(dataDir);
  });
});

describe('what is wrong is said', () => {
  it('names the holder of a port that is taken, and the setting that changes it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const setting of ['PORT', 'EMULATOR_PORT', 'MAILBOX_PORT']) {
      const program = Program.spawn({ env: { [setting]: String(port) } });
      expect(await program.ended()).toBe(1);
      expect(program.output).toContain(`Port ${port} is taken by process ${process.pid}`);
      expect(program.output).toContain(`set ${setting}`);
      await gone(program.dataDir);
    }
    server.close();
  });

  it('names every wrong setting with what was expected, and never its value', async () => {
    const program = Program.spawn({ env: { PORT: 'many', SECRET_KEY: 'hunter2', PROCESS_ROLE: 'boss' } });
    expect(await program.ended()).toBe(1);
    for (const part of [
      'PORT must be a port from 0 to 65535',
      'SECRET_KEY must be 32 random bytes',
      'PROCESS_ROLE must be all, api or worker',
    ])
      expect(program.output).toContain(part);
    expect(program.output).not.toContain('hunter2');
  });

  it('lists in production what is missing, and embeds nothing', async () => {
    const program = Program.spawn({ env: { NODE_ENV: 'production' } });
    expect(await program.ended()).toBe(1);
    for (const name of ['DATABASE_URL', 'SMTP_URL', 'PUBLIC_URL', 'ADMIN_API_KEY', 'SECRET_KEY', 'MEDIAFLUX_URL'])
      expect(program.output).toContain(name);
  });

  it('says that a Data Mover command is used wrongly with 2, and that a token is not valid with 3', async () => {
    expect((await runCommand('data-mover/main.js', ['upload', '/nowhere'])).code).toBe(2);
    const program = await Program.start();
    const { server } = program.endpoints;
    const state = { DATA_MOVER_STATE: freshFolder() };
    expect(
      (
        await runCommand(
          'data-mover/main.js',
          ['upload', '--url', server, '--token', 'wrong', '--to', 'a@example.org', 'test'],
          state,
        )
      ).code,
    ).toBe(3);
    expect(
      (await runCommand('data-mover/main.js', ['download', `${server}/s/unknown-unknown`, '/tmp/nowhere'], state)).code,
    ).toBe(3);
    await program.stop();
  });
});

describe('parts that go away', () => {
  it('turn readiness to 503, and back when they return', async () => {
    const program = await Program.start();
    const emulator = processesOf(program.dataDir).find((line) => line.includes('emulator'));
    process.kill(Number(emulator?.split(' ')[0]), 'SIGSTOP');
    const ready = async () => (await fetch(`${program.endpoints.server}/health/ready`)).status;
    await until('503', async () => ((await ready()) === 503 ? true : undefined));
    process.kill(Number(emulator?.split(' ')[0]), 'SIGCONT');
    await until('200', async () => ((await ready()) === 200 ? true : undefined));
    await program.stop();
  });
});
