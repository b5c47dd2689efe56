// Reads the settings. A wrong value is named with what was expected and never printed.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { SECRETS, settingsSchema } from './settings.schema.js';

export class SettingsError extends Error {}

export type MediafluxCredentials = { token: string } | { domain: string; user: string; password: string };

/** As set; what is unset is embedded, except in production. */
export interface Settings {
  isProduction: boolean;
  port: number;
  host: string;
  publicUrl: string | undefined;
  dataDir: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  mediaflux: { url: string; credentials: MediafluxCredentials } | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  bounceAddress: string | undefined;
  adminApiKey: string | undefined;
  alertEmail: string | undefined;
  secretKeys: Buffer[] | undefined;
  processRole: 'all' | 'api' | 'worker';
  logLevel: string;
  logFormat: 'json' | 'pretty';
  emulatorPort: number;
  mailboxPort: number;
  databasePort: number;
  /** An ISO 8601 duration. */
  clientFactsRetention: string;
  trustProxy: string | boolean;
  uploadCredentialSeconds: number;
  downloadCredentialSeconds: number;
  sweepSeconds: number;
  copies: { parallel: number; bytesPerSecond: number | undefined };
}

/** With every part in place. */
export interface CompleteSettings extends Settings {
  databaseUrl: string;
  mediaflux: { url: string; credentials: MediafluxCredentials };
  smtpUrl: string;
  adminApiKey: string;
  secretKeys: Buffer[];
}

/** Reads the environment over `.env` in `folder`. @throws SettingsError every wrong or missing setting, by name */
export function loadSettings(environment: NodeJS.ProcessEnv, folder: string): Settings {
  const env = withFiles({ ...dotEnv(folder), ...environment });
  const parsed = settingsSchema.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      (issue) => `  ${String(issue.path[0])} must be ${issue.message.replace(/^must be /, '')}.`,
    );
    throw new SettingsError(`Some settings are not right:\n${[...new Set(lines)].join('\n')}`);
  }
  const all = parsed.data;
  const isProduction = all.NODE_ENV === 'production';
  const mediaflux = mediafluxOf(all);
  if (isProduction) refuseMissing(all, mediaflux);
  return {
    isProduction,
    port: all.PORT,
    host: all.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    publicUrl: all.PUBLIC_URL,
    dataDir: resolve(folder, all.DATA_DIR),
    databaseUrl: all.DATABASE_URL,
    redisUrl: all.REDIS_URL,
    mediaflux,
    smtpUrl: all.SMTP_URL,
    mailFrom: all.MAIL_FROM ?? 'Dispatch <dispatch@localhost.localdomain>',
    bounceAddress: all.BOUNCE_ADDRESS,
    adminApiKey: all.ADMIN_API_KEY,
    alertEmail: all.ALERT_EMAIL,
    secretKeys: all.SECRET_KEY,
    processRole: all.PROCESS_ROLE,
    logLevel: all.LOG_LEVEL,
    logFormat: all.LOG_FORMAT ?? (isProduction ? 'json' : 'pretty'),
    emulatorPort: all.EMULATOR_PORT,
    mailboxPort: all.MAILBOX_PORT,
    databasePort: all.DATABASE_PORT,
    clientFactsRetention: all.CLIENT_FACTS_RETENTION,
    trustProxy: all.TRUST_PROXY === 'true' ? true : (all.TRUST_PROXY ?? false),
    uploadCredentialSeconds: all.UPLOAD_CREDENTIAL_LIFE,
    downloadCredentialSeconds: all.DOWNLOAD_CREDENTIAL_LIFE,
    sweepSeconds: all.SWEEP_INTERVAL,
    copies: { parallel: all.COPY_PARALLEL, bytesPerSecond: all.COPY_BYTES_PER_SECOND },
  };
}

type Parsed = z.infer<typeof settingsSchema>;

function mediafluxOf(all: Parsed): Settings['mediaflux'] {
  if (all.MEDIAFLUX_URL === undefined) return undefined;
  const { MEDIAFLUX_TOKEN: token, MEDIAFLUX_DOMAIN: domain, MEDIAFLUX_USER: user, MEDIAFLUX_PASSWORD: password } = all;
  if (token !== undefined) return { url: all.MEDIAFLUX_URL, credentials: { token } };
  if (domain !== undefined && user !== undefined && password !== undefined) {
    return { url: all.MEDIAFLUX_URL, credentials: { domain, user, password } };
  }
  throw new SettingsError(
    'MEDIAFLUX_URL is set, so MEDIAFLUX_TOKEN is needed too, or MEDIAFLUX_DOMAIN, MEDIAFLUX_USER and MEDIAFLUX_PASSWORD.',
  );
}

function refuseMissing(all: Parsed, mediaflux: Settings['mediaflux']): void {
  const missing = [
    ...(['DATABASE_URL', 'SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL', 'ADMIN_API_KEY', 'SECRET_KEY'] as const).filter(
      (name) => all[name] === undefined,
    ),
    ...(mediaflux
      ? []
      : ['MEDIAFLUX_URL with MEDIAFLUX_TOKEN (or MEDIAFLUX_DOMAIN, MEDIAFLUX_USER and MEDIAFLUX_PASSWORD)']),
  ];
  if (missing.length > 0) {
    throw new SettingsError(
      `In production nothing is embedded. These settings are missing:\n${missing.map((name) => `  ${name}`).join('\n')}`,
    );
  }
}

/** An empty value counts as unset. */
function withFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && value !== '') given[name] = value;
  for (const name of SECRETS) {
    const file = given[`${name}_FILE`];
    if (file === undefined || given[name] !== undefined) continue;
    try {
      given[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new SettingsError(
        `${name}_FILE must name a file that can be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}).`,
      );
    }
  }
  return given;
}

function dotEnv(folder: string): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(resolve(folder, '.env'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
