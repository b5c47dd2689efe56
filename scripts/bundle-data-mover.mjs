// The Data Mover as one file that needs Node and nothing else, with its SHA-256. In CommonJS,
// the form that stand-alone executables are made of.

import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'data-mover.cjs';

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
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'error',
  });
  chmodSync(place, 0o755);
  const sha256 = createHash('sha256').update(readFileSync(place)).digest('hex');
  writeFileSync(`${place}.sha256`, `${sha256}  ${NAME}\n`);
  return { place, sha256 };
}
