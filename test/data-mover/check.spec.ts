// `data-mover check`: says in one line that a computer is ready, or what is not right and what to do, and leaves nothing
// behind, however it ends.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { startEmulator } from '../../emulator/index.js';
import { makeCertificate } from '../support/certificate.js';
import { makeShareable } from '../support/instrument.js';
import { freshFolder } from '../support/folders.js';
import { type Finished, root } from '../support/program.js';
import { NO_TRACES, tracesOf } from '../support/share-traces.js';
import { until } from '../support/wait.js';
import { alteringProxy, closedPort, OtherNetwork } from './other-network.js';
import { eventsIn, Mover, Stage } from './stage.js';

let stage: Stage;
let database: pg.Client;

beforeAll(async () => {
  stage = await Stage.open();
  database = new pg.Client({ connectionString: stage.program.endpoints.database });
  await database.connect();
});
afterEach(() => {
  stage.emulator.faults.clear();
  stage.emulator.tellChecksums(true);
  stage.proxy.isAway = false;
});
afterAll(async () => {
  await database.end();
  await stage.close();
});

let settingsWritten = 0;

/** A settings.xml of a shareable of its own, whose trials nobody else makes. */
async function settingsOf(server = stage.program.endpoints.server): Promise<{ file: string; shareableId: string }> {
  const { id, token } = await makeShareable(stage.program, stage.platformId, { label: 'Scope 1 PC' });
  const file = join(stage.work, `settings-${(settingsWritten += 1)}.xml`);
  writeFileSync(
    file,
    `<instrument-dispatch version="1"><server>${server}</server><token>${token}</token></instrument-dispatch>`,
  );
  return { file, shareableId: id };
}

const check = (file: string, ...more: string[]): Promise<Finished> =>
  stage.mover('check', '--settings', file, ...more).finished;

/** Its trials, as recorded. */
const trialsOf = async (shareableId: string): Promise<{ id: string; namespace: string; isOpen: boolean }[]> => {
  const { rows } = await database.query<{ id: string; namespace: string; isOpen: boolean }>(
    `select share_id as id, namespace, destroyed_at is null as "isOpen"
       from mediaflux_credential
      where trial_shareable_id = $1`,
    [shareableId],
  );
  return rows;
};

async function expectNothingLeft(shareableId: string, trials = 1): Promise<void> {
  const found = await trialsOf(shareableId);
  expect(found).toHaveLength(trials);
  for (const trial of found) {
    expect(trial.isOpen).toBe(false);
    expect(await tracesOf(stage.emulator.url, trial)).toEqual(NO_TRACES);
  }
}

const callsOf = (name: string): number =>
  stage.emulator.faults.calls().filter(({ service, inner }) => [service, ...inner].includes(name)).length;

describe('a computer that is ready', () => {
  it('is told so in one line, after a file went to Mediaflux, came back and was removed', async () => {
    const { file, shareableId } = await settingsOf();
    stage.emulator.faults.forgetCalls();
    const { code, stdout, stderr } = await check(file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toMatch(
      /^Ready: http:\S+ knows this token as “Scope 1 PC” of Microscopy; Mediaflux at http:\S+ took a test file, gave it back and removed it; the clocks agree\.\n$/,
    );
    for (const service of ['asset.set', 'asset.destroy']) expect(callsOf(service)).toBe(1);
    expect(stage.emulator.faults.calls().some(({ path }) => path.startsWith('/mflux/content.mfjp'))).toBe(true);
    await expectNothingLeft(shareableId);
  });

  it('is told so in one object with --json', async () => {
    const { file, shareableId } = await settingsOf();
    const { code, stdout } = await check(file, '--json');
    expect(code).toBe(0);
    expect(eventsIn(stdout)).toEqual([
      {
        event: 'done',
        files: 1,
        bytes: 4_096,
        transferredBytes: 8_192,
        check: {
          server: stage.program.endpoints.server,
          platform: 'Microscopy',
          label: 'Scope 1 PC',
          mediaflux: stage.proxy.url,
          clockAheadSeconds: expect.any(Number),
          warnings: [],
        },
      },
    ]);
    await expectNothingLeft(shareableId);
  });

  it('is warned when its clock is wrong', async () => {
    const { file } = await settingsOf();
    const late = `const Real = Date; const ahead = 3 * 3_600_000;
      globalThis.Date = class extends Real {
        constructor(...parts) { super(...(parts.length === 0 ? [Real.now() + ahead] : parts)); }
        static now() { return Real.now() + ahead; }
      };`;
    const finished = await runWith(['--import', `data:text/javascript,${encodeURIComponent(late)}`], file);
    expect(finished.code).toBe(0);
    expect(finished.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(finished.stdout).toMatch(/^Ready: .*but: The clock of this computer is 3 hours ahead.*Please set it/);
  });

  it('is so where Mediaflux tells the checksum a little later', async () => {
    const { file } = await settingsOf();
    stage.emulator.tellChecksums(false);
    stage.emulator.faults.set({ service: 'asset.get', after: 1, times: 1, action: { hold: true } });
    stage.emulator.faults.forgetCalls();
    const checked = check(file);
    await until('it being asked for again', () => (callsOf('asset.get') > 1 ? true : undefined));
    stage.emulator.tellChecksums(true);
    stage.emulator.faults.clear();
    expect(await checked).toMatchObject({ code: 0 });
  });

  it('is not told of a virus scanner, but whom to ask, where Mediaflux tells no checksum', async () => {
    const { file, shareableId } = await settingsOf();
    stage.emulator.tellChecksums(false);
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/took the test file and tells no checksum of it.* Ask the Mediaflux team/);
    expect(stderr).not.toContain('virus');
    await expectNothingLeft(shareableId);
  });
});

/** The Data Mover under Node with other options. */
function runWith(nodeOptions: string[], file: string): Promise<Finished> {
  const { NODE_OPTIONS: _, INIT_CWD: __, ...env } = process.env;
  const program = join(root, 'dist', 'data-mover', 'main.js');
  return new Mover(
    spawn(process.execPath, [...nodeOptions, program, 'check', '--settings', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, CI: 'true', DATA_MOVER_STATE: stage.state },
    }),
  ).finished;
}

describe('a computer that is not ready is told', () => {
  it('that a firewall stands between it and Mediaflux, which the server reaches', async () => {
    const port = await closedPort();
    const network = await OtherNetwork.before(stage.program.endpoints.server, `http://127.0.0.1:${port}`);
    const { file, shareableId } = await settingsOf(network.url);
    const { code, stdout, stderr } = await check(file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/This computer cannot reach Mediaflux at http:\S+, though the server can: .*ECONNREFUSED/);
    expect(stderr).toContain(
      `firewalls of this computer and of its network open connections to 127.0.0.1, port ${port}`,
    );
    expect(stderr).toContain('knows this token as “Scope 1 PC” of Microscopy');
    await expectNothingLeft(shareableId);
    const told = await check(file, '--json');
    expect(told.code).toBe(1);
    expect(eventsIn(told.stdout)).toEqual([
      { event: 'error', message: expect.stringMatching(/cannot reach Mediaflux .*firewalls/) },
    ]);
    await network.close();
  });

  it('that something else answers where Mediaflux should', async () => {
    const portal = await listening((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n<html>Log on!</h>'));
    });
    const network = await OtherNetwork.before(stage.program.endpoints.server, portal.url);
    const { file, shareableId } = await settingsOf(network.url);
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/What answers this computer at \S+ is not Mediaflux.*A proxy or a logon page/);
    await expectNothingLeft(shareableId);
    await Promise.all([network.close(), portal.close()]);
  });

  it('that it does not trust the certificate of Mediaflux', async () => {
    const secure = await startEmulator({ port: 0, dataDir: freshFolder(), tls: makeCertificate() });
    const network = await OtherNetwork.before(stage.program.endpoints.server, secure.url);
    const { file, shareableId } = await settingsOf(network.url);
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not trust the certificate of Mediaflux at https:\S+.*NODE_EXTRA_CA_CERTS/);
    await expectNothingLeft(shareableId);
    await network.close();
    await secure.close();
  });

  it('that Mediaflux takes no file from it', async () => {
    const { file, shareableId } = await settingsOf();
    stage.emulator.faults.set({
      service: 'asset.set',
      times: 1,
      action: { error: `user 'x' not granted MODIFY to service 'asset.set'` },
    });
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/was reached, but the test file could not be written: .*Tell the staff of the platform/);
    await expectNothingLeft(shareableId);
  });

  it('that a file which it wrote cannot be read back', async () => {
    const { file, shareableId } = await settingsOf();
    stage.emulator.faults.set({ path: '/mflux/content.mfjp', action: { status: 404 } });
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/was reached, but the test file could not be read back/);
    await expectNothingLeft(shareableId);
  });

  it.each([
    ['there', 'arrived'],
    ['back', 'came back'],
  ] as const)('that what it sends is changed on the way %s', async (way, words) => {
    const proxy = await alteringProxy(stage.emulator.url, way);
    const network = await OtherNetwork.before(stage.program.endpoints.server, proxy.url);
    const { file, shareableId } = await settingsOf(network.url);
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toContain(`The test file ${words} changed. Something between this computer and Mediaflux alters`);
    await expectNothingLeft(shareableId);
    await Promise.all([network.close(), proxy.close()]);
  });

  it('that the server itself cannot use Mediaflux, which is no fault of the computer', async () => {
    const { file, shareableId } = await settingsOf();
    stage.emulator.faults.set({ service: 'secure.identity.token.create', action: { status: 503 } });
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/the server itself cannot use Mediaflux now.*Nothing is wrong with this computer so far/);
    stage.emulator.faults.clear();
    await until('the trial being swept', async () =>
      (await trialsOf(shareableId)).every(({ isOpen }) => !isOpen) ? true : undefined,
    );
    await expectNothingLeft(shareableId);
  });

  it('that the server cannot be reached', async () => {
    const port = await closedPort();
    const { file } = await settingsOf(`http://127.0.0.1:${port}`);
    const { code, stderr } = await check(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/The server \S+ cannot be reached \(ECONNREFUSED\)\. Is the address in settings\.xml right/);
    expect(stderr).toContain(`127.0.0.1, port ${port}`);
  });

  it('that its token is not valid any more, in the server’s words', async () => {
    const { file, shareableId } = await settingsOf();
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${shareableId}/revoke`, {});
    const { code, stderr } = await check(file);
    expect(code).toBe(3);
    expect(stderr).toMatch(/revoked.*desk@example\.org/);
    await expectNothingLeft(shareableId, 0);
  });

  it('that its settings are none', async () => {
    const file = join(stage.work, 'other.xml');
    writeFileSync(file, '<settings/>');
    expect((await check(file)).code).toBe(2);
    expect((await check(join(stage.work, 'missing.xml'))).code).toBe(2);
    expect((await stage.mover('check').finished).code).toBe(2);
  });
});

it('killed in the middle, it leaves what the server sweeps when the minutes are over', async () => {
  const { file, shareableId } = await settingsOf();
  stage.emulator.faults.forgetCalls();
  stage.emulator.faults.set({ path: '/mflux/content.mfjp', action: { delayMs: 60_000 } });
  const mover = stage.mover('check', '--settings', file);
  await until('the file being read back', () =>
    stage.emulator.faults.calls().some(({ path }) => path.startsWith('/mflux/content.mfjp')) ? true : undefined,
  );
  await mover.kill();
  const [trial] = await trialsOf(shareableId);
  expect(trial?.isOpen).toBe(true);
  if (!trial) return;
  expect(await tracesOf(stage.emulator.url, trial)).toEqual({ namespace: true, role: true });
  await database.query(
    `update mediaflux_credential set expires_at = now() - interval '1 second' where trial_shareable_id = $1`,
    [shareableId],
  );
  await until('the trial being swept', async () =>
    (await trialsOf(shareableId)).every(({ isOpen }) => !isOpen) ? true : undefined,
  );
  await expectNothingLeft(shareableId);
});

it('stopped in the middle, it says that what is left goes by itself', async () => {
  const { file } = await settingsOf();
  stage.emulator.faults.forgetCalls();
  stage.emulator.faults.set({ path: '/mflux/content.mfjp', action: { delayMs: 60_000 } });
  const mover = stage.mover('check', '--settings', file);
  await until('the file being read back', () =>
    stage.emulator.faults.calls().some(({ path }) => path.startsWith('/mflux/content.mfjp')) ? true : undefined,
  );
  mover.child.kill('SIGTERM');
  const { code, stderr } = await mover.finished;
  expect(code).toBe(1);
  expect(stderr).toContain('the server removes it within minutes');
});

/** A server of one's own on a free port. */
async function listening(
  onConnection: Parameters<typeof createServer>[1] & object,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(onConnection as () => void);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
