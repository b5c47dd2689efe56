// Starts the program: settings, the parts that are not configured, the server; and stops it all in order.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createServer, type RunningServer } from './app.js';
import { loadSettings, type Settings, SettingsError } from './config/index.js';
import { DataDirInUse, type EmbeddedParts, portTaken, PortTaken, startEmbedded } from './embedded/index.js';
import { redact } from './logging/index.js';

/** Whatever hangs is left behind after this. */
const STOP_WITHIN_MS = 9_000;
const REPEATS_WITHIN_MS = 1_000;

/** What was built, this file's folder among it: other programs that are started, files that are given out. */
const BUILT = dirname(import.meta.dirname);

interface Running {
  parts: EmbeddedParts;
  server: RunningServer;
  endpointsFile: string;
}

async function start(settings: Settings): Promise<Running> {
  const parts = await startEmbedded(settings, BUILT, {
    note: (text) => process.stdout.write(`${text}\n`),
    warn: (text) => process.stderr.write(`${text}\n`),
  });
  let server: RunningServer | undefined;
  try {
    server = await createServer(parts.settings, BUILT);
    const url = await server.listen().catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? portTaken(settings.port, 'PORT') : error;
    });
    const endpointsFile = join(settings.dataDir, 'endpoints.json');
    if (!settings.isProduction) {
      writeFileSync(`${endpointsFile}.new`, `${JSON.stringify({ server: url, ...parts.endpoints }, null, 2)}\n`, {
        mode: 0o600,
      });
      renameSync(`${endpointsFile}.new`, endpointsFile);
    }
    server.markReady();
    process.stdout.write(table(url, parts, settings));
    return { parts, server, endpointsFile };
  } catch (error) {
    await server?.close();
    await parts.stop();
    throw error;
  }
}

function table(url: string, parts: EmbeddedParts, settings: Settings): string {
  const withoutPassword = parts.endpoints.database?.replace(/:[^:@]*@/, ':***@');
  const rows: [string, string | null | undefined][] = [
    ['Server', url],
    ['API documents', `${url}/api/docs`],
    ['Mediaflux emulator', parts.endpoints.mediaflux],
    ['Mailbox', parts.endpoints.mailbox],
    ['Mail (SMTP)', parts.endpoints.smtp],
    ['PostgreSQL', withoutPassword],
    [
      "Administrator's key",
      parts.newAdminKey ?? (parts.adminKeyFile === undefined ? undefined : `in ${parts.adminKeyFile}`),
    ],
    ['Data', settings.isProduction ? undefined : settings.dataDir],
  ];
  const shown = rows.filter(([, value]) => value != null);
  const width = Math.max(...shown.map(([name]) => name.length));
  return `\n${shown.map(([name, value]) => `  ${name.padEnd(width)}  ${value ?? ''}`).join('\n')}\n\nReady. Stop with Ctrl-C.\n`;
}

async function stop(running: Running): Promise<void> {
  rmSync(running.endpointsFile, { force: true });
  await running.server.close();
  await running.parts.stop();
}

/** A signal comes from the group and from npm within a millisecond: repeats within a second are one. */
function stopOnSignals(starting: Promise<Running>): void {
  let firstAt: number | undefined;
  const onSignal = () => {
    const now = performance.now();
    if (firstAt !== undefined) {
      if (now - firstAt > REPEATS_WITHIN_MS) process.stderr.write('Stopping already …\n');
      return;
    }
    firstAt = now;
    process.stdout.write('Stopping …\n');
    const hard = setTimeout(() => {
      process.stderr.write('Something did not stop in time and is left behind.\n');
      process.exit(1);
    }, STOP_WITHIN_MS);
    starting
      .then(stop)
      .then(() => {
        clearTimeout(hard);
        process.exit(0);
      })
      .catch((error: Error) => {
        process.stderr.write(`Stopping failed: ${error.message}\n`);
        process.exit(1);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
}

async function main(): Promise<void> {
  const starting = start(loadSettings(process.env, process.cwd()));
  stopOnSignals(starting);
  await starting;
}

main().catch((error: unknown) => {
  const isPlain = error instanceof SettingsError || error instanceof DataDirInUse || error instanceof PortTaken;
  const text =
    error instanceof Error
      ? isPlain
        ? error.message
        : `The server could not start: ${redact(error.message)}`
      : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
