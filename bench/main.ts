// `npm run bench [-- NAME] [--small] [--load=TEXT]`: measurements, each a table with the ratio to its reference in the same
// run; of transfers, with `--load`, that alone whose name holds the text, as in `upload --load=4 GB`.

import { cpus, totalmem } from 'node:os';
import { curlVersion } from './curl.js';
import { benchLinks } from './links.js';
import { benchManifest } from './manifest.js';
import { benchMediaflux } from './mediaflux.js';
import { benchOutbox } from './outbox.js';
import { benchReminders } from './reminders.js';
import { type Row, show } from './rows.js';
import { benchUpload } from './upload.js';

const MEASUREMENTS: Record<string, (isSmall: boolean, load?: string) => Promise<Row[]>> = {
  upload: benchUpload,
  mediaflux: benchMediaflux,
  manifest: benchManifest,
  outbox: benchOutbox,
  links: benchLinks,
  reminders: benchReminders,
};

const args = process.argv.slice(2);
const isSmall = args.includes('--small');
const load = args.find((arg) => arg.startsWith('--load='))?.slice('--load='.length);
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !Object.hasOwn(MEASUREMENTS, name));

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
    if (names.length === 0 || names.includes(name))
      show(`${name}${isSmall ? ' (small)' : ''}`, await measure(isSmall, load));
  }
}
