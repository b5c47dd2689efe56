// Which server the command line programs speak to, and as whom.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Credentials } from '../session/index.js';

const EMBEDDED_ACCOUNT = { domain: 'service', user: 'dispatch', password: 'dispatch' };

export interface Target {
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

/** The configured server, or the embedded one of a server that runs. @throws Error what is missing */
export function target(): Target {
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
