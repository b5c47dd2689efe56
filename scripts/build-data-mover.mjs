// `npm run build:data-mover`: builds, and says where the Data Mover's one file is. Every build makes it, so that the
// server has it.

import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DATA_MOVER } from './bundles.mjs';
import { prepare, root } from './prepare.mjs';

await prepare();
const place = join(root, 'dist', ...DATA_MOVER);
if (!existsSync(place)) throw new Error('It was not made, because esbuild is not installed; run npm ci.');
const [sha256] = readFileSync(`${place}.sha256`, 'utf8').split(' ');
process.stdout.write(`${relative(process.env.INIT_CWD ?? root, place)}\nSHA-256 ${sha256}\n`);
