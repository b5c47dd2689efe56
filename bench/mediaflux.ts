// `npm run bench -- mediaflux`: the client's reading of long replies, contents and many small files up and down, and the
// emulator's own pace, each beside what people would otherwise use.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, removeFolders } from '../test/support/folders.js';
import { createRequest, curlCommand, curlDownload, curlVersion } from './curl.js';
import { type Load, loadsOf, medians, ROUNDS, writeFiles } from './loads.js';
import type { Row } from './rows.js';
import {
  assetIds,
  bareServer,
  contentAddress,
  destroyNamespace,
  emulator,
  post,
  type RunningServer,
  sessionKey,
} from './servers.js';
import { timed, type Timing } from './timing.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const here = import.meta.dirname;

export async function benchMediaflux(isSmall: boolean): Promise<Row[]> {
  const work = freshFolder();
  const server = await emulator(join(work, 'emulator'));
  const bare = await bareServer(join(work, 'bare'));
  try {
    const rows = parsing(isSmall);
    if (curlVersion() === undefined) return rows;
    for (const [index, load] of loadsOf(isSmall).entries())
      rows.push(...(await transfers({ work, server, bare, index, session: await sessionKey(server.url) }, load)));
    return rows;
  } finally {
    server.stop();
    bare.stop();
    removeFolders(work);
  }
}

interface Parsed {
  seconds: number;
  bytes: number;
  memory: number;
  cpuSeconds: number;
}

function parsing(isSmall: boolean): Row[] {
  const run = (reader: string, count: number): Parsed =>
    JSON.parse(
      execFileSync(process.execPath, [join(here, 'parse.js'), reader, String(count)], { encoding: 'utf8' }),
    ) as Parsed;
  const row = (what: string, files: number, parsed: Parsed, reference?: Parsed): Row => ({
    what,
    timing: parsed,
    bytes: parsed.bytes,
    files,
    more: `${(parsed.memory / 1e6).toFixed(0)} MB above idle`,
    ...(reference ? { ratio: parsed.bytes / parsed.seconds / (reference.bytes / reference.seconds) } : {}),
  });
  const [few, many] = isSmall ? [20_000, 100_000] : [100_000, 1_000_000];
  const reference = run('fast-xml-parser', few);
  return [
    row(`reading a reply of ${few} assets`, few, run('ours', few), reference),
    row('  reference: fast-xml-parser', few, reference),
    row(`reading a reply of ${many} assets`, many, run('ours', many), reference),
  ];
}

interface Setting {
  work: string;
  server: RunningServer;
  bare: RunningServer;
  session: string;
  index: number;
}

/** What one round of moving a load took, each measurement under its name. */
type Round = Record<'up' | 'curlUp' | 'bareUp' | 'down' | 'curlDown' | 'bareDown', Timing>;

async function transfers(setting: Setting, load: Load): Promise<Row[]> {
  const { work, server, session, index } = setting;
  const folder = join(work, `in-${index}`);
  const names = await writeFiles(folder, load);
  const totals = { bytes: load.files * load.bytes, files: load.files };
  const rounds: Round[] = [];
  for (let number = 0; number < ROUNDS; number += 1) {
    rounds.push(await round(setting, folder, names, `${index}-${number}`));
    if (number < ROUNDS - 1) await clear(setting, `${index}-${number}`);
  }
  const row = medians(load, rounds);
  const rows: Row[] = [
    row(`up, ${load.name}`, 'up', 'curlUp'),
    row('  reference: curl', 'curlUp'),
    row(`down, ${load.name}`, 'down', 'curlDown'),
    row('  reference: curl', 'curlDown'),
    row(`emulator taking ${load.name} from curl`, 'curlUp', 'bareUp'),
    row('  reference: a bare Node server', 'bareUp'),
    row(`emulator giving ${load.name} to curl`, 'curlDown', 'bareDown'),
    row('  reference: a bare Node server', 'bareDown'),
    ...(await zips(server, session, `${LAB}/curl-${index}-${ROUNDS - 1}`, folder, load, totals)),
  ];
  await clear(setting, `${index}-${ROUNDS - 1}`);
  rmSync(folder, { recursive: true });
  return rows;
}

async function round(
  { work, server, bare, session }: Setting,
  folder: string,
  names: readonly string[],
  mark: string,
): Promise<Round> {
  const paths = names.map((name) => join(folder, name));
  const [ours, theirs] = [`${LAB}/ours-${mark}`, `${LAB}/curl-${mark}`];
  const transfer = (direction: string, to: string) =>
    timed(`'${process.execPath}' '${join(here, 'transfer.js')}' ${direction} ${server.url} ${ours} '${to}'`);
  const up = await transfer('up', folder);
  const curlUp = await timed(
    curlCommand(work, `${server.url}/__mflux_svc__/`, paths, (name) => createRequest(session, theirs, name)),
  );
  const bareUp = await timed(curlCommand(work, `${bare.url}/`, paths, (name) => createRequest(session, theirs, name)));
  const ids = await assetIds(server.url, session, theirs);
  const down = await transfer('down', join(work, `out-${mark}`));
  const curlDown = await timed(
    curlDownload(
      work,
      ids.map((id) => contentAddress(server.url, session, id)),
      `curl-${mark}`,
    ),
  );
  const bareDown = await timed(
    curlDownload(
      work,
      readdirSync(join(work, 'bare')).map((name) => `${bare.url}/${name.replace('body-', '')}`),
      `bare-${mark}`,
    ),
  );
  // After all of them: whoever fetches a large file first after another was removed pays for it.
  rmSync(join(work, `out-${mark}`), { recursive: true });
  return { up, curlUp, bareUp, down, curlDown, bareDown };
}

/** Room for the next round. */
async function clear({ work, server, session }: Setting, mark: string): Promise<void> {
  for (const namespace of [`${LAB}/ours-${mark}`, `${LAB}/curl-${mark}`])
    await destroyNamespace(server.url, session, namespace);
  for (const fetched of [`curl-${mark}`, `bare-${mark}`]) rmSync(join(work, fetched), { recursive: true, force: true });
  for (const name of readdirSync(join(work, 'bare'))) rmSync(join(work, 'bare', name));
}

async function zips(
  server: RunningServer,
  session: string,
  namespace: string,
  folder: string,
  load: Load,
  totals: { bytes: number; files: number },
): Promise<Row[]> {
  if (spawnSync('bsdtar', ['--version']).status !== 0) {
    process.stdout.write(
      'bsdtar is not installed (Debian package: libarchive-tools); the rows of zips are left out.\n',
    );
    return [];
  }
  const made = await post(
    server.url,
    `<request><service name="secure.identity.token.create" session="${session}"><args><role type="user">demo:researcher</role><service name="asset.archive.create"><where>namespace='${namespace}'</where><format>zip</format><remove-path-prefix>${namespace}</remove-path-prefix></service></args></service></request>`,
  );
  const token = /<token [^>]*>([^<]+)</.exec(made)?.[1] ?? '';
  const before = server.peakMemory();
  const zip = await timed(
    `curl --silent --fail '${server.url}/mflux/execute.mfjp?token=${token}&filename=a.zip' -o /dev/null`,
  );
  const grown = server.peakMemory() - before;
  const reference = await timed(
    `bsdtar --format zip --options zip:compression=store -cf - -C '${folder}' . | cat > /dev/null`,
  );
  return [
    {
      what: `emulator's zip of ${load.name}`,
      timing: zip,
      ...totals,
      ratio: reference.seconds / zip.seconds,
      more: `peak memory ${(server.peakMemory() / 1e6).toFixed(0)} MB, ${(grown / 1e6).toFixed(0)} MB of it for this`,
    },
    { what: '  reference: bsdtar to a pipe', timing: reference, ...totals },
  ];
}
