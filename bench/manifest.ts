// `npm run bench -- manifest`: taking a manifest as a ratio to psql's COPY of the same lines, with the server's memory,
// and verifying it as a ratio to reading the same listing and doing nothing.

import { spawnSync } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MediafluxGateway } from '../src/mediaflux/index.js';
import { Api, platformWith } from '../test/support/api.js';
import { freshFolder, removeFolders } from '../test/support/folders.js';
import { Program } from '../test/support/program.js';
import { until } from '../test/support/wait.js';
import { fillEmulator, writeManifest } from './many-assets.js';
import { cpuSeconds, measured } from './process-use.js';
import type { Row } from './rows.js';
import { emulator } from './servers.js';
import { median, medianOf, timed, type Timing } from './timing.js';

const SERVICE = { domain: 'service', user: 'dispatch', password: 'dispatch' };
const ROUNDS = 3;
/** A server that has found Mediaflux away asks again after a minute at most. */
const LONGEST_ABSENCE_MS = 90_000;
const LONGEST_VERIFICATION_MS = 10 * 60_000;

export async function benchManifest(isSmall: boolean): Promise<Row[]> {
  const files = isSmall ? 50_000 : 1_000_000;
  const work = freshFolder();
  const manifest = join(work, 'manifest.ndjson');
  writeManifest(manifest, files);
  const store = join(work, 'emulator');
  let mediaflux = await emulator(store);
  const { url } = mediaflux;
  const stopMediaflux = async (): Promise<void> => {
    mediaflux.stop();
    await mediaflux.ended;
  };
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
    const uploads: Upload[] = [];
    for (let round = 0; round < ROUNDS; round += 1) uploads.push(await startUpload(shareable));
    const taken = await taking(program, uploads, manifest, files);
    await stopMediaflux();
    const rounds: Verified[] = [];
    for (const upload of uploads) {
      // In place of those of the round before.
      fillEmulator(store, upload.namespace, files);
      mediaflux = await emulator(store, new URL(url).port);
      rounds.push(await verifying(program, upload, url, files));
      await stopMediaflux();
    }
    return [...taken, ...verifiedRows(rounds, files, statSync(manifest).size)];
  } finally {
    await program.stop();
    mediaflux.stop();
    removeFolders(work);
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

/** In rounds, so that a machine that is busy for a while is busy for what is compared with each other too. */
async function taking(program: Program, uploads: readonly Upload[], manifest: string, files: number): Promise<Row[]> {
  const bytes = statSync(manifest).size;
  const hasPsql = spawnSync('psql', ['--version']).status === 0;
  if (!hasPsql)
    process.stdout.write('psql is not installed (Debian package: postgresql-client); its rows are left out.\n');
  const taken: Measured[] = [];
  const copied: Timing[] = [];
  for (const upload of uploads) {
    taken.push(await measured(program.child.pid ?? 0, () => put(program.endpoints.server, upload, manifest)));
    if (hasPsql) copied.push(await copy(program.endpoints.database, manifest));
  }
  const timings = taken.map(({ timing }) => timing);
  const memory = riseOf(taken);
  const row = { what: `PUT of a manifest of ${files} lines`, bytes, files, timing: median(timings) };
  if (!hasPsql) return [{ ...row, more: memory }];
  const times = medianOf(timings.map(({ seconds }, round) => seconds / (copied[round]?.seconds ?? Number.NaN)));
  return [
    { ...row, ratio: 1 / times, more: `${longer(times)}; ${memory}` },
    {
      what: '  reference: psql copying the same lines, as text into a table without index',
      ...{ bytes, files, timing: median(copied) },
    },
  ];
}

async function copy(database: string, manifest: string): Promise<Timing> {
  const psql = (sql: string): string => `psql --quiet '${database}' --command "${sql}"`;
  await timed(psql('drop table if exists bench_lines; create table bench_lines (line text)'));
  const timing = await timed(
    psql(`\\copy bench_lines from '${manifest}' with (format csv, quote e'\\x01', delimiter e'\\x02')`),
  );
  await timed(psql('drop table bench_lines'));
  return timing;
}

type Measured = Awaited<ReturnType<typeof measured>>;

const riseOf = (rounds: readonly Measured[]): string =>
  `resident memory rises by ${rounds.map(({ risenBytes }) => `${(risenBytes / 1e6).toFixed(0)} MB`).join(', ')}`;

const longer = (times: number): string => `${times.toFixed(2)} times as long, median of ${ROUNDS} rounds`;

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

interface Verified {
  verified: Measured;
  read: Timing;
}

async function verifying(program: Program, upload: Upload, url: string, files: number): Promise<Verified> {
  const before = await reading(url, upload.namespace, files);
  // A change in the emulator, so that verification does not find what the reading before it has found.
  await until(
    'the server finding that Mediaflux is back',
    async () => (await upload.api.call('POST', `/api/v1/uploads/${upload.id}/credential`)).status === 200 || undefined,
    LONGEST_ABSENCE_MS,
  );
  const verified = await measured(program.child.pid ?? 0, async () => {
    await upload.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
    const state = await verdictOf(program.endpoints.server, upload);
    if (state !== 'complete') throw new Error(`The upload is ${state} instead of complete.`);
  });
  // Read before and after, so that what else the machine does weighs on both alike.
  const after = await reading(url, upload.namespace, files);
  const seconds = (before.seconds + after.seconds) / 2;
  return { verified, read: { seconds, cpuSeconds: (before.cpuSeconds + after.cpuSeconds) / 2 } };
}

function verifiedRows(rounds: readonly Verified[], files: number, bytes: number): Row[] {
  const times = medianOf(rounds.map(({ verified, read }) => verified.timing.seconds / read.seconds));
  return [
    {
      what: `verification of ${files} files, to complete`,
      ...{ bytes, files, timing: median(rounds.map(({ verified }) => verified.timing)), ratio: 1 / times },
      more: `${longer(times)}; ${riseOf(rounds.map(({ verified }) => verified))}`,
    },
    {
      what: '  reference: reading the same listing and doing nothing',
      ...{ bytes, files, timing: median(rounds.map(({ read }) => read)) },
    },
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
    signal: AbortSignal.timeout(LONGEST_VERIFICATION_MS),
  });
  let state = 'verifying';
  for await (const part of reply.body ?? []) {
    const told = /^data: (.*)$/m.exec(Buffer.from(part as Uint8Array).toString('utf8'))?.[1];
    if (told !== undefined) ({ state } = JSON.parse(told) as { state: string });
    if (state !== 'verifying') break;
  }
  return state;
}
