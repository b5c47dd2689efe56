// `npm run mediaflux -- SERVICE ['<arg>…</arg>']`: one call, as it is, with the configured account, for people who look
// for a fault. Contract "Commands".

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { isMediafluxError, readXml, Transport, type XmlElement } from './protocol/index.js';
import { type Credentials, MediafluxSession } from './session/index.js';

const EMBEDDED_ACCOUNT = { domain: 'service', user: 'dispatch', password: 'dispatch' };

interface Target {
  url: string;
  credentials: Credentials;
}

function environment(): NodeJS.ProcessEnv {
  const fromFile = readIfThere('.env');
  return { ...(fromFile === undefined ? {} : parseEnv(fromFile)), ...process.env };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function setting(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  return env[name] ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
}

/** The configured server, or the embedded one of a server that runs. */
function target(): Target {
  const env = environment();
  const url = setting(env, 'MEDIAFLUX_URL');
  if (url === undefined) {
    const file = join(resolve(env['DATA_DIR'] ?? '.data'), 'endpoints.json');
    const endpoints = readIfThere(file);
    const embedded =
      endpoints === undefined ? undefined : (JSON.parse(endpoints) as { mediaflux: string | null }).mediaflux;
    if (embedded == null)
      throw new Error(`MEDIAFLUX_URL is not set, and no running server's ${file} names an embedded one.`);
    return { url: embedded, credentials: EMBEDDED_ACCOUNT };
  }
  const token = setting(env, 'MEDIAFLUX_TOKEN');
  if (token !== undefined) return { url, credentials: { token } };
  const [domain, user, password] = ['DOMAIN', 'USER', 'PASSWORD'].map((name) => setting(env, `MEDIAFLUX_${name}`));
  if (domain === undefined || user === undefined || password === undefined) {
    throw new Error('Set MEDIAFLUX_TOKEN, or MEDIAFLUX_DOMAIN, MEDIAFLUX_USER and MEDIAFLUX_PASSWORD.');
  }
  return { url, credentials: { domain, user, password } };
}

interface JsonElement {
  name: string;
  attributes: Record<string, string>;
  text: string | null;
  children: JsonElement[];
}

const json = (element: XmlElement): JsonElement => ({
  name: element.name,
  attributes: element.attributes,
  text: element.text === '' ? null : element.text,
  children: element.children.map(json),
});

async function main(): Promise<void> {
  const [service, args = ''] = process.argv.slice(2);
  if (service === undefined || service.startsWith('-')) {
    process.stderr.write("Use: npm run mediaflux -- SERVICE ['<arg>…</arg>']\n");
    process.exitCode = 2;
    return;
  }
  let transport: Transport | undefined;
  try {
    const { url, credentials } = target();
    transport = new Transport(url);
    const session = new MediafluxSession({ transport, credentials });
    const result = await session.call(service, readXml(`<args>${args}</args>`).children);
    process.stdout.write(`${JSON.stringify({ service, result: json(result) })}\n`);
    await session.logoff();
  } catch (error) {
    const told = isMediafluxError(error)
      ? { kind: error.kind, message: error.message, version: error.version ?? null, causes: error.causes }
      : {
          kind: 'settings',
          message: error instanceof Error ? error.message : String(error),
          version: null,
          causes: [],
        };
    process.stdout.write(`${JSON.stringify({ service, error: told })}\n`);
    process.exitCode = 1;
  } finally {
    await transport?.close();
  }
}

await main();
