// What the build makes one file of each of: the programs that are processes of their own, which start in half the time
// when Node need not look for two thousand files, and the Data Mover as people run it. esbuild is not installed in
// production: there the build was made before, or the programs run from their single files.

import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In the folder with the built program. */
export const DATA_MOVER = ['data-mover-program', 'data-mover.cjs'];

/** Each takes its own place, so that whoever runs it need not know. */
const PROGRAMS = [
  ['src', 'main.js'],
  ['src', 'embedded', 'mailbox', 'main.js'],
  ['emulator', 'main.js'],
  ['data-mover', 'main.js'],
];

/** Found by their own files at run time. */
const LEFT_OUT = ['@fastify/static', 'swagger-ui-dist'];

/** What packages import only where it is installed. */
const optionalPackages = {
  name: 'optional-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...asked }) => {
      if (pluginData === optionalPackages) return undefined;
      const found = await build.resolve(path, { ...asked, pluginData: optionalPackages });
      return found.errors.length > 0 ? { path, external: true } : found;
    });
  },
};

/**
 * Of undici what is used here, by the places in its package: the whole of it, with its own `fetch`, caches and stand-ins
 * for tests, takes a third of what the Data Mover's start takes beyond Node's own. A part that is not here fails when it
 * is first called for, in any test that runs a program.
 */
const USED_OF_UNDICI = `
  Object.assign(require('undici/lib/dispatcher/dispatcher').prototype, require('undici/lib/api'));
  exports.Agent = require('undici/lib/dispatcher/agent');
  exports.Pool = require('undici/lib/dispatcher/pool');
  exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent');`;

const smallUndici = {
  name: 'small-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'small-undici' }));
    build.onLoad({ filter: /./, namespace: 'small-undici' }, () => ({
      contents: USED_OF_UNDICI,
      resolveDir: import.meta.dirname,
    }));
  },
};

/** CommonJS in these asks for what such modules have. */
const COMMONJS = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Runs before anything else of the file does, in words that the oldest Node reads. */
const MUST_BE_NEW_ENOUGH = `(function () {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 20 || (version[0] === 20 && version[1] >= 19)) return;
  console.error('This program needs Node.js 20.19 or later; this is ' + process.version + '. Newer ones are at https://nodejs.org');
  process.exit(2);
})();`;

async function esbuildIfInstalled() {
  try {
    return await import('esbuild');
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

const USUAL = { bundle: true, platform: 'node', target: 'node20.19', legalComments: 'eof', logLevel: 'error' };

/** @param built folder with the built program */
export async function bundlePrograms(built) {
  const esbuild = await esbuildIfInstalled();
  if (esbuild === undefined) return;
  await Promise.all(
    PROGRAMS.map((path) =>
      esbuild.build({
        ...USUAL,
        entryPoints: [join(built, ...path)],
        outfile: join(built, ...path),
        allowOverwrite: true,
        format: 'esm',
        // Names stay where nothing else has them, as those of migrations, which stand in the database. To keep all of
        // them would cost each function that is made, however often.
        external: LEFT_OUT,
        plugins: [smallUndici, optionalPackages],
        banner: { js: COMMONJS },
      }),
    ),
  );
}

/**
 * The Data Mover as one file that needs Node and nothing else, and its SHA-256 in a file beside it. In CommonJS, the form
 * that stand-alone executables are made of.
 *
 * @param built folder with the built program
 */
export async function bundleDataMover(built) {
  const esbuild = await esbuildIfInstalled();
  if (esbuild === undefined) return;
  const place = join(built, ...DATA_MOVER);
  await esbuild.build({
    ...USUAL,
    entryPoints: [join(built, 'data-mover', 'main.js')],
    outfile: place,
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [smallUndici],
    // An npm script of somebody else that calls the program must not move its paths.
    define: { 'process.env.INIT_CWD': 'undefined' },
    banner: { js: `#!/usr/bin/env node\n${MUST_BE_NEW_ENOUGH}` },
  });
  chmodSync(place, 0o755);
  const sha256 = createHash('sha256').update(readFileSync(place)).digest('hex');
  writeFileSync(`${place}.sha256`, `${sha256}  ${DATA_MOVER.at(-1)}\n`);
}
