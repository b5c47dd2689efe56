// Every setting, in one schema. A wrong value is named with what was expected and never printed.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { durationSeconds } from '../time/index.js';

export class SettingsError extends Error {}

const port = (usual: number) =>
  z.coerce
    .number('a port from 0 to 65535')
    .int('a port from 0 to 65535')
    .min(0, 'a port from 0 to 65535')
    .max(65_535, 'a port from 0 to 65535')
    .default(usual);
const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    )
    .optional();

const secretKey = z
  .string()
  .refine(
    (text) =>
      text
        .split(',')
        .every((part) => /^[A-Za-z0-9+/_-]+={0,2}$/.test(part.trim()) && Buffer.from(part, 'base64').length === 32),
    '32 random bytes in base64 (several, separated by commas, are allowed)',
  )
  .transform((text) => text.split(',').map((part) => Buffer.from(part.trim(), 'base64')))
  .optional();

/** Less would let a connection that waits for its share run into its time limits. */
const LEAST_COPY_RATE = 65_536;
const COPY_RATE = `a whole number of bytes, at least ${LEAST_COPY_RATE}`;

/** As long as a revoked shareable may finish what it began: no credential outlives that. */
const LONGEST_CREDENTIAL_SECONDS = 86_400;
/** No sweep has a longer pause of its own that this could shorten; above all, what was left over is taken up within it. */
const LONGEST_SWEEP_SECONDS = 30;

const schema = z.object({
  NODE_ENV: z.string().optional().describe('`production`: nothing is embedded, and what is missing is listed.'),
  PORT: port(3000).describe('Port of the server; 0 is any free one.'),
  HOST: z.string().min(1).optional().describe('Address to listen on; 127.0.0.1, or 0.0.0.0 in production.'),
  PUBLIC_URL: url(['http:', 'https:']).describe(
    'Where people reach the server; stands in mails. http://localhost:PORT.',
  ),
  DATA_DIR: z.string().min(1).default('.data').describe('Folder of what embedded parts keep.'),
  DATABASE_URL: url(['postgres:', 'postgresql:']).describe('PostgreSQL; embedded if unset.'),
  REDIS_URL: url(['redis:', 'rediss:']).describe('Redis for the queue; unset, the queue is in PostgreSQL.'),
  MEDIAFLUX_URL: url(['http:', 'https:']).describe("Mediaflux's base address; the emulator if unset."),
  MEDIAFLUX_TOKEN: z.string().min(1).optional().describe("The service account's identity token."),
  MEDIAFLUX_DOMAIN: z.string().min(1).optional().describe('Or its domain,'),
  MEDIAFLUX_USER: z.string().min(1).optional().describe('user'),
  MEDIAFLUX_PASSWORD: z.string().min(1).optional().describe('and password.'),
  SMTP_URL: url(['smtp:', 'smtps:']).describe(
    'Mail server, as in smtps://user:password@mail.example.org; a local mailbox if unset.',
  ),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^\r\n]*<)?[!-;=?-~]+@[^\r\n@]+$/,
      'an address such as "Dispatch <dispatch@example.org>", with only ASCII letters, digits and signs before the @',
    )
    .optional()
    .describe('Sender of all mails.'),
  BOUNCE_ADDRESS: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,21}@[A-Za-z0-9.-]+$/, 'an address with at most 21 characters before the @, without "+"')
    .optional()
    .describe(
      'Where mail servers report that a mail did not arrive, as in bounce@dispatch.example.org: each mail gets bounce+TOKEN@… as its return address. Unset: they go to MAIL_FROM.',
    ),
  ADMIN_API_KEY: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe("The administrator's key; made at first start if unset."),
  ALERT_EMAIL: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address')
    .optional()
    .describe('Who is told of trouble.'),
  SECRET_KEY: secretKey.describe('32 random bytes, base64; the first makes links and seals, all are recognised.'),
  PROCESS_ROLE: z
    .enum(['all', 'api', 'worker'], 'all, api or worker')
    .default('all')
    .describe('What this process does.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'fatal, error, warn, info, debug or trace')
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], 'json or pretty').optional().describe('json in production, else pretty.'),
  EMULATOR_PORT: port(8086).describe('Port of the embedded emulator.'),
  MAILBOX_PORT: port(1080).describe("Port of the embedded mailbox's page."),
  DATABASE_PORT: port(0).describe('Port of the embedded PostgreSQL.'),
  UPLOAD_CREDENTIAL_LIFE: z
    .string()
    .default('PT12H')
    .transform((text) => durationSeconds(text) ?? 0)
    .refine(
      (seconds) => seconds >= 1 && seconds <= LONGEST_CREDENTIAL_SECONDS,
      'an ISO 8601 duration from PT1S to P1D, such as PT12H',
    )
    .describe('How long one Mediaflux credential of an upload lives; clients ask for the next before it ends.'),
  SWEEP_INTERVAL: z
    .string()
    .default('PT30S')
    .transform((text) => durationSeconds(text) ?? 0)
    .refine(
      (seconds) => seconds >= 1 && seconds <= LONGEST_SWEEP_SECONDS,
      'an ISO 8601 duration from PT1S to PT30S, such as PT5S',
    )
    .describe(
      'The longest pause between two passes of each sweep, which ends credentials and takes up what was left over; most come more often by themselves, every 2 to 10 s.',
    ),
  CLIENT_FACTS_RETENTION: z
    .string()
    .regex(
      /^P(?=.*[1-9])(?=\d|T\d)(\d{1,3}W)?(\d{1,4}D)?(T(?=\d)(\d{1,4}H)?(\d{1,4}M)?(\d{1,6}S)?)?$/,
      'a duration such as P30D',
    )
    .default('P30D')
    .describe(
      'How long it is kept what kind of program used a link, and from which address (as a keyed hash); less than PT1H weakens the test for scanners.',
    ),
  COPY_PARALLEL: z.coerce
    .number('a whole number from 1 to 64')
    .int('a whole number from 1 to 64')
    .min(1, 'a whole number from 1 to 64')
    .max(64, 'a whole number from 1 to 64')
    .default(4)
    .describe("Copies to users' projects that this process makes at once; others wait for their turn."),
  COPY_BYTES_PER_SECOND: z.coerce
    .number(COPY_RATE)
    .int(COPY_RATE)
    .min(LEAST_COPY_RATE, COPY_RATE)
    .max(Number.MAX_SAFE_INTEGER, COPY_RATE)
    .optional()
    .describe('Bytes a second that all copies of this process read and write together; no limit if unset.'),
  TRUST_PROXY: z
    .string()
    .optional()
    .describe('Addresses of proxies whose X-Forwarded-For is believed; `true` for all.'),
});

const SECRETS = [
  'DATABASE_URL',
  'REDIS_URL',
  'MEDIAFLUX_TOKEN',
  'MEDIAFLUX_PASSWORD',
  'SMTP_URL',
  'ADMIN_API_KEY',
  'SECRET_KEY',
] as const;

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
  const parsed = schema.safeParse(env);
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
    sweepSeconds: all.SWEEP_INTERVAL,
    copies: { parallel: all.COPY_PARALLEL, bytesPerSecond: all.COPY_BYTES_PER_SECOND },
  };
}

type Parsed = z.infer<typeof schema>;

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
