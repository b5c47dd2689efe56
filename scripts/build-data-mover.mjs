// `npm run build:data-mover`: makes the one file and says where it is. Every build makes it, so that the server has it.

import { join, relative } from 'node:path';
import { bundleDataMover } from './bundle-data-mover.mjs';
import { prepare, root } from './prepare.mjs';

await prepare();
const made = await bundleDataMover(join(root, 'dist'));
if (made === undefined) throw new Error('esbuild is not installed; run npm ci.');
process.stdout.write(`${relative(process.env.INIT_CWD ?? root, made.place)}\nSHA-256 ${made.sha256}\n`);
