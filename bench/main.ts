// `npm run bench [-- NAME] [--small]`: measurements, each a table with the ratio to its reference in the same run.

import { cpus, totalmem } from 'node:os';
import { benchUpload, type Row } from './upload.js';
import { curlVersion } from './curl.js';

const MEASUREMENTS: Record<string, (isSmall: boolean) => Promise<Row[]>> = { upload: benchUpload };

const args = process.argv.slice(2);
const isSmall = args.includes('--small');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !Object.hasOwn(MEASUREMENTS, name));

function show(name: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${name}${isSmall ? ' (small)' : ''}\n\n`);
  const table = rows.map((row) => [
    row.what,
    `${row.timing.seconds.toFixed(2)} s`,
    `${(row.bytes / 1e6 / row.timing.seconds).toFixed(0)} MB/s`,
    `${(row.files / row.timing.seconds).toFixed(0)} files/s`,
    `${row.timing.cpuSeconds.toFixed(2)} s CPU`,
    row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} × the reference`,
  ]);
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of table)
    process.stdout.write(
      `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}\n`,
    );
}

if (unknown.length > 0) {
  process.stderr.write(
    `There is no measurement ${unknown.join(', ')}; there are: ${Object.keys(MEASUREMENTS).join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  const curl = curlVersion();
  process.stdout.write(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 1e9)} GB, ${curl ?? 'no curl'}\n`,
  );
  if (curl === undefined)
    process.stdout.write('curl is not installed (Debian package: curl); its rows are left out.\n');
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (names.length === 0 || names.includes(name)) show(name, await measure(isSmall));
  }
}
