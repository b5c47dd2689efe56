// `npm run bench -- manifest`: taking a manifest as a ratio to psql's COPY of the same lines, with the server's memory,
// and verifying it as a ratio to reading the same listing and doing nothing.

import { spawnSync } from 'node:child_process';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MediafluxGateway } from '../src/mediaflux/index.js';
import { Api, platformWith } from '../test/support/api.js';
import { freshFolder, Program } from '../test/support/program.js';
import { fillEmulator, writeManifest } from './many-assets.js';
import { cpuSeconds, measured } from './process-use.js';
import type { Row } from './rows.js';
import { emulator } from './servers.js';
import { timed, type Timing } from './timing.js';

const SERVICE = { domain: 'service', user: 'dispatch', password: 'dispatch' };
const ROUNDS = 3;

export async function benchManifest(isSmall: boolean): Promise<Row[]> {
  const files = isSmall ? 50_000 : 1_000_000;
  const work = freshFolder();
  const manifest = join(work, 'manifest.ndjson');
  writeManifest(manifest, files);
  let mediaflux = await emulator(join(work, 'emulator'));
  const { url } = mediaflux;
  const program = await Program.start({
    dataDir: join(work, 'data'),
    env: {
      MEDIAFLUX_URL: url,
      MEDIAFLUX_DOMAIN: SERVICE.domain,
      MEDIAFLUX_USER: SERVICE.user,
      MEDIAFLUX_PASSWORD: SERVICE.password,
    },
  });
  try {
    const shareable = await shareableOf(program);
    const uploads = [];
    for (let round = 0; round < ROUNDS; round += 1) uploads.push(await startUpload(shareable));
    const upload = uploads[0] as Upload;
    mediaflux.stop();
    await mediaflux.ended;
    fillEmulator(join(work, 'emulator'), upload.namespace, files);
    mediaflux = await emulator(join(work, 'emulator'), new URL(url).port);
    return [
      ...(await taking(program, uploads, manifest, files)),
      ...(await verifying(program, upload, url, files, statSync(manifest).size)),
    ];
  } finally {
    await program.stop();
    mediaflux.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

interface Upload {
  id: string;
  token: string;
  namespace: string;
  api: Api;
}

async function shareableOf(program: Program): Promise<Pick<Upload, 'token' | 'api'>> {
  const { id: platform } = await program.admin.expect<{ id: string }>(
    201,
    'POST',
    '/api/v1/admin/platforms',
    platformWith(),
  );
  const { token } = await program.admin.expect<{ token: string }>(
    201,
    'POST',
    `/api/v1/admin/platforms/${platform}/shareables`,
    { label: 'Bench' },
  );
  return { token, api: new Api(program.endpoints.server, token) };
}

async function startUpload({ token, api }: Pick<Upload, 'token' | 'api'>): Promise<Upload> {
  const { id, mediaflux } = await api.expect<{ id: string; mediaflux: { namespace: string } }>(
    201,
    'POST',
    '/api/v1/uploads',
    { recipients: ['ada@example.org'], youngestFileTime: '2026-03-01T09:00:00Z' },
  );
  return { id, token, namespace: mediaflux.namespace, api };
}

/** The best of some rounds for each: what else the machine does shows in the others. */
async function taking(program: Program, uploads: readonly Upload[], manifest: string, files: number): Promise<Row[]> {
  const bytes = statSync(manifest).size;
  const pid = program.child.pid ?? 0;
  const taken = [];
  for (const upload of uploads) taken.push(await measured(pid, () => put(program.endpoints.server, upload, manifest)));
  const best = fastest(taken.map(({ timing }) => timing));
  const risen = taken.map(({ risenBytes }) => `${(risenBytes / 1e6).toFixed(0)} MB`).join(', ');
  const row = { what: `PUT of a manifest of ${files} lines`, bytes, files, timing: best };
  const more = `resident memory rises by ${risen}`;
  if (spawnSync('psql', ['--version']).status !== 0) {
    process.stdout.write('psql is not installed (Debian package: postgresql-client); its rows are left out.\n');
    return [{ ...row, more }];
  }
  const copied = fastest(await copies(program.endpoints.database, manifest));
  return [
    { ...row, ratio: copied.seconds / best.seconds, more },
    {
      what: '  reference: psql copying the same lines, as text into a table without index',
      bytes,
      files,
      timing: copied,
    },
  ];
}

async function copies(database: string, manifest: string) {
  const psql = (sql: string): string => `psql --quiet '${database}' --command "${sql}"`;
  const timings = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await timed(psql('drop table if exists bench_lines; create table bench_lines (line text)'));
    timings.push(
      await timed(psql(`\\copy bench_lines from '${manifest}' with (format csv, quote e'\\x01', delimiter e'\\x02')`)),
    );
  }
  await timed(psql('drop table bench_lines'));
  return timings;
}

const fastest = <T extends { seconds: number }>(timings: readonly T[]): T =>
  timings.reduce((best, timing) => (timing.seconds < best.seconds ? timing : best));

async function put(server: string, upload: Upload, manifest: string): Promise<void> {
  const sending = request(`${server}/api/v1/uploads/${upload.id}/manifest`, {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${upload.token}` },
  });
  const answered = new Promise<number>((resolve, reject) => {
    sending.once('error', reject).once('response', (reply) => {
      reply.resume().once('end', () => resolve(reply.statusCode ?? 0));
    });
  });
  await pipeline(createReadStream(manifest, { highWaterMark: 256 * 1024 }), sending);
  const status = await answered;
  if (status !== 204) throw new Error(`The manifest was answered with ${status}.`);
}

async function verifying(program: Program, upload: Upload, url: string, files: number, bytes: number): Promise<Row[]> {
  const before = await reading(url, upload.namespace, files);
  const { timing, risenBytes } = await measured(program.child.pid ?? 0, async () => {
    await upload.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
    const state = await verdictOf(program.endpoints.server, upload);
    if (state !== 'complete') throw new Error(`The upload is ${state} instead of complete.`);
  });
  // Read before and after, so that what else the machine does weighs on both alike.
  const after = await reading(url, upload.namespace, files);
  const mean = {
    seconds: (before.seconds + after.seconds) / 2,
    cpuSeconds: (before.cpuSeconds + after.cpuSeconds) / 2,
  };
  return [
    {
      what: `verification of ${files} files, to complete`,
      ...{ bytes, files, timing, ratio: mean.seconds / timing.seconds },
      more: `resident memory rises by ${(risenBytes / 1e6).toFixed(0)} MB`,
    },
    { what: '  reference: reading the same listing and doing nothing', bytes, files, timing: mean },
  ];
}

async function reading(url: string, namespace: string, files: number): Promise<Timing> {
  const start = { at: performance.now(), cpu: cpuSeconds(process.pid) };
  const gateway = new MediafluxGateway({ url, credentials: SERVICE });
  let listed = 0;
  for await (const _ of gateway.listFolder(namespace)) listed += 1;
  await gateway.close();
  if (listed !== files) throw new Error(`The emulator lists ${listed} files instead of ${files}.`);
  return { seconds: (performance.now() - start.at) / 1_000, cpuSeconds: cpuSeconds(process.pid) - start.cpu };
}

/** Told by the server, so that asking for it costs nothing. */
async function verdictOf(server: string, upload: Upload): Promise<string> {
  const reply = await fetch(`${server}/api/v1/uploads/${upload.id}/events`, {
    headers: { authorization: `Bearer ${upload.token}` },
  });
  let state = 'verifying';
  for await (const part of reply.body ?? []) {
    const told = /^data: (.*)$/m.exec(Buffer.from(part as Uint8Array).toString('utf8'))?.[1];
    if (told !== undefined) ({ state } = JSON.parse(told) as { state: string });
    if (state !== 'verifying') break;
  }
  return state;
}
