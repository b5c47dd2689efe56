// Installs the locked dependencies and builds, when something changed; locked, so that several commands may start in
// one checkout at once. Node built-ins only: nothing may be installed yet.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.cache');
const SOURCES = ['src', 'emulator', 'data-mover', 'test', 'bench'];

/** Says something on standard error, so that standard output stays what the command itself prints. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** @param command what asks, for the message */
export async function prepare() {
  checkNode();
  mkdirSync(cache, { recursive: true });
  if (isInstalled() && isBuilt()) return;
  await locked(async () => {
    await install();
    await build();
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Node ${process.versions.node} is too old: this program needs Node 20.19 or later.`);
    process.exit(1);
  }
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const lockHash = () => sha256(readFileSync(join(root, 'package-lock.json')));
const installStamp = () => join(root, 'node_modules', '.installed-from');
const isInstalled = () => existsSync(installStamp()) && readFileSync(installStamp(), 'utf8') === lockHash();

export async function install() {
  if (isInstalled()) return;
  say('Installing the locked dependencies (once; about a minute) …');
  const started = Date.now();
  const ticks = setInterval(() => say(`  … ${Math.round((Date.now() - started) / 1000)} s`), 15_000);
  try {
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  } finally {
    clearInterval(ticks);
  }
  writeFileSync(installStamp(), lockHash());
}

/** All files below a folder whose name `isWanted`, in an order of their own. */
function* filesBelow(folder, isWanted) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(path, isWanted);
    else if (isWanted(entry.name)) yield path;
  }
}

const isSource = (name) => /\.tsx?$/.test(name) && !/\.(spec|d)\.tsx?$/.test(name);
const allSources = () =>
  SOURCES.map((folder) => join(root, folder)).flatMap((folder) =>
    existsSync(folder) ? [...filesBelow(folder, isSource)] : [],
  );

/** Names below `folder`, sizes and times: to read what stands in them would cost each start ten times as much. */
const namesSizesTimes = (folder, paths) =>
  paths
    .toSorted()
    .map((path) => {
      const { size, mtimeMs } = statSync(path);
      return `${path.slice(folder.length)} ${size} ${mtimeMs}\n`;
    })
    .join('');

/** Of all sources, and of what turns them into the build. */
const sourcesHash = () =>
  sha256(
    lockHash() + namesSizesTimes(root, [...allSources(), join(root, '.swcrc'), join(root, 'scripts', 'bundles.mjs')]),
  );

/** Of all that was written; without maps, which run nothing. */
const writtenHash = (built) => sha256(namesSizesTimes(built, [...filesBelow(built, isBuiltProgram)]));
const isBuiltProgram = (name) => name !== STAMP && !name.endsWith('.map');

const STAMP = '.built-from';
const dist = join(root, 'dist');

/** What was changed by hand since, or only half copied, is no build of the sources. */
function isBuilt() {
  const wanted = sourcesHash();
  try {
    const [sources, written] = readFileSync(join(dist, STAMP), 'utf8').split('\n');
    return sources === wanted && written === writtenHash(dist);
  } catch (error) {
    // Never built, or another process puts a new build in its place at this moment.
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

export async function build() {
  if (isBuilt()) return;
  say('Building …');
  const sources = sourcesHash();
  const { transformFile } = await import('@swc/core');
  const fresh = join(root, `dist.${process.pid}`);
  // Building is locked: what is there is of a build that was killed.
  for (const name of readdirSync(root).filter((entry) => entry.startsWith('dist.')))
    rmSync(join(root, name), { recursive: true, force: true });
  for (const path of allSources()) {
    const out = join(fresh, relative(root, path)).replace(/\.tsx?$/, '.js');
    const { code, map } = await transformFile(path, { configFile: join(root, '.swcrc'), sourceMaps: true });
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, `${code}\n//# sourceMappingURL=${out.slice(out.lastIndexOf('/') + 1)}.map\n`);
    if (map) writeFileSync(`${out}.map`, map);
  }
  const { bundleDataMover, bundlePrograms } = await import('./bundles.mjs');
  // From the single files, which the programs' own bundles then take the place of.
  await bundleDataMover(fresh);
  await bundlePrograms(fresh);
  writeFileSync(join(fresh, STAMP), `${sources}\n${writtenHash(fresh)}\n`);
  const old = join(root, `dist.old.${process.pid}`);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Runs a program with its output on standard error; rejects when it does not end with 0. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0] ?? ''} ended with ${signal ?? code}.`)),
    );
  });
}

/** When a process started, where the system tells it (Linux); '' elsewhere, and of one that has ended. */
const startOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '';
  }
};

/** The live process that a lock file names, if any. */
export function holderOf(lock) {
  if (!existsSync(lock)) return undefined;
  const [pid, start] = readFileSync(lock, 'utf8').trim().split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
  }
  return !start || startOf(pid) === start ? Number(pid) : undefined;
}

async function locked(work) {
  const lock = join(cache, 'prepare.lock');
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}\n`);
  let isToldOf = false;
  try {
    for (;;) {
      try {
        linkSync(mine, lock);
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = holderOf(lock);
      if (holder === undefined) rmSync(lock, { force: true });
      else {
        if (!isToldOf) say(`Process ${holder} installs or builds in this checkout; waiting for it …`);
        isToldOf = true;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    try {
      await work();
    } finally {
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}
