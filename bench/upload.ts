// `npm run bench -- upload`: from `data-mover upload` start to complete, verification included, as a ratio to curl
// sending the same bytes to the same emulator in the same run; and the emulator as a ratio to a bare Node server.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformWith } from '../test/support/api.js';
import { bytesOf } from '../test/support/files.js';
import { freshFolder, Program } from '../test/support/program.js';
import { createRequest, curlCommand, curlVersion } from './curl.js';
import type { Row } from './rows.js';
import { bareServer, sessionKey } from './servers.js';
import { timed } from './timing.js';

interface Load {
  name: string;
  files: number;
  bytes: number;
}

const PROJECT = '/projects/proj-researcher-1128.4.20';

export async function benchUpload(isSmall: boolean): Promise<Row[]> {
  const loads: Load[] = isSmall
    ? [
        { name: 'one file of 64 MB', files: 1, bytes: 64_000_000 },
        { name: '500 files of 20 kB', files: 500, bytes: 20_000 },
      ]
    : [
        { name: 'one file of 1 GB', files: 1, bytes: 1_000_000_000 },
        { name: '5,000 files of 20 kB', files: 5_000, bytes: 20_000 },
      ];
  const work = freshFolder();
  const program = await Program.start({ dataDir: join(work, 'data') });
  try {
    const settings = await settingsOf(program, work);
    const session = await sessionKey(program.endpoints.mediaflux);
    const rows: Row[] = [];
    for (const [index, load] of loads.entries())
      rows.push(...(await measure(program, work, settings, session, load, index)));
    return rows;
  } finally {
    await program.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function measure(
  program: Program,
  work: string,
  settings: string,
  session: string,
  load: Load,
  index: number,
): Promise<Row[]> {
  const folder = join(work, `in-${index}`);
  mkdirSync(folder);
  const block = bytesOf(load.name, Math.min(load.bytes, 4_000_000));
  const files = Array.from({ length: load.files }, (_, number) => join(folder, `file-${number}.bin`));
  for (const file of files)
    writeFileSync(
      file,
      Buffer.concat(Array.from({ length: Math.ceil(load.bytes / block.length) }, () => block)).subarray(0, load.bytes),
    );
  const bytes = load.files * load.bytes;
  const totals = { bytes, files: load.files };
  const mover = `node scripts/run.mjs data-mover/main.js upload --quiet --settings '${settings}' --to ada@example.org '${folder}'`;
  const moved = await timed(mover, { DATA_MOVER_STATE: join(work, 'state') });
  if (curlVersion() === undefined) return [{ what: `data-mover upload, ${load.name}`, timing: moved, ...totals }];
  const bare = await bareServer(join(work, `bare-${index}`));
  const toEmulator = curlCommand(work, `${program.endpoints.mediaflux}/__mflux_svc__/`, files, (name) =>
    createRequest(session, `${PROJECT}/bench-${index}`, name),
  );
  const sent = await timed(toEmulator);
  const toBare = await timed(curlCommand(work, `${bare.url}/`, files, (name) => createRequest(session, PROJECT, name)));
  bare.stop();
  rmSync(folder, { recursive: true });
  return [
    { what: `data-mover upload, ${load.name}`, timing: moved, ...totals, ratio: sent.seconds / moved.seconds },
    { what: `  reference: curl to the emulator, ${load.name}`, timing: sent, ...totals },
    { what: `emulator taking ${load.name} from curl`, timing: sent, ...totals, ratio: toBare.seconds / sent.seconds },
    { what: `  reference: a bare Node server taking them`, timing: toBare, ...totals },
  ];
}

async function settingsOf(program: Program, work: string): Promise<string> {
  const { id } = await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platformWith());
  const { settingsXml } = await program.admin.expect<{ settingsXml: string }>(
    201,
    'POST',
    `/api/v1/admin/platforms/${id}/shareables`,
    { label: 'Bench' },
  );
  const file = join(work, 'settings.xml');
  writeFileSync(file, settingsXml);
  return file;
}
