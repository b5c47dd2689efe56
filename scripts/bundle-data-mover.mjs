// The Data Mover as one file that needs Node and nothing else, with its SHA-256. In CommonJS,
// the form that stand-alone executables are made of.

import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'data-mover.cjs';

/** Runs before anything else of the file does, in words that the oldest Node reads. */
const MUST_BE_NEW_ENOUGH = `(function () {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 20 || (version[0] === 20 && version[1] >= 19)) return;
  console.error('This program needs Node.js 20.19 or later; this is ' + process.version + '. Newer ones are at https://nodejs.org');
  process.exit(2);
})();`;

/**
 * @param built folder with the built program
 * @returns its place and SHA-256; undefined where esbuild is not installed, as in a production image
 */
export async function bundleDataMover(built) {
  let esbuild;
  try {
    esbuild = await import('esbuild');
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  const place = join(built, 'data-mover-program', NAME);
  await esbuild.build({
    entryPoints: [join(built, 'data-mover', 'main.js')],
    outfile: place,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    // An npm script of somebody else that calls the program must not move its paths.
    define: { 'process.env.INIT_CWD': 'undefined' },
    banner: { js: `#!/usr/bin/env node\n${MUST_BE_NEW_ENOUGH}` },
    logLevel: 'error',
  });
  chmodSync(place, 0o755);
  const sha256 = createHash('sha256').update(readFileSync(place)).digest('hex');
  writeFileSync(`${place}.sha256`, `${sha256}  ${NAME}\n`);
  return { place, sha256 };
}
