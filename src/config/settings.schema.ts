// Every setting: what it may be, its default, and what it is for. docs/configuration.md is made of this.

import { z } from 'zod';
import { durationSeconds } from '../time/index.js';

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

/** An ISO 8601 duration of at least a second, in seconds. */
const secondsUpTo = (longest: number, usual: string, form: string) =>
  z
    .string()
    .default(usual)
    .transform((text) => durationSeconds(text) ?? 0)
    .refine((seconds) => seconds >= 1 && seconds <= longest, `an ISO 8601 duration ${form}`);
const credentialLife = () => secondsUpTo(LONGEST_CREDENTIAL_SECONDS, 'PT12H', 'from PT1S to P1D, such as PT12H');

/** Descriptions are Markdown. Texts of faults go on with "… must be". */
export const settingsSchema = z.object({
  NODE_ENV: z.string().optional().describe('`production`: nothing is embedded, and what is missing is listed'),
  PORT: port(3000).describe('port of the server; 0 is any free one'),
  HOST: z.string().min(1).optional().describe('address to listen on'),
  PUBLIC_URL: url(['http:', 'https:']).describe('where people reach the server; stands in mails'),
  DATA_DIR: z.string().min(1).default('.data').describe('what embedded parts keep'),
  DATABASE_URL: url(['postgres:', 'postgresql:']).describe('PostgreSQL 18 or what it is compatible with'),
  REDIS_URL: url(['redis:', 'rediss:']).describe('Redis for the queue'),
  MEDIAFLUX_URL: url(['http:', 'https:']).describe("Mediaflux's base address"),
  MEDIAFLUX_TOKEN: z.string().min(1).optional().describe("the service account's identity token, or"),
  MEDIAFLUX_DOMAIN: z.string().min(1).optional().describe('the domain of its logon,'),
  MEDIAFLUX_USER: z.string().min(1).optional().describe('the user,'),
  MEDIAFLUX_PASSWORD: z.string().min(1).optional().describe('and the password'),
  SMTP_URL: url(['smtp:', 'smtps:']).describe('mail server, as in `smtps://user:password@mail.example.org`'),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^\r\n]*<)?[!-;=?-~]+@[^\r\n@]+$/,
      'an address such as "Dispatch <dispatch@example.org>", with only ASCII letters, digits and signs before the @',
    )
    .optional()
    .describe('sender of all mails; only ASCII before the `@`'),
  BOUNCE_ADDRESS: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,21}@[A-Za-z0-9.-]+$/, 'an address with at most 21 characters before the @, without "+"')
    .optional()
    .describe(
      "where mail servers report that a mail did not arrive, as in `bounce@dispatch.example.org`: each mail gets `bounce+TOKEN@…` as its return address; at most 21 characters before the `@`. Unset: reports go to `MAIL_FROM`'s address ([mails](mails.md))",
    ),
  ADMIN_API_KEY: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe("the administrator's key, 16 characters or more"),
  SECRET_KEY: secretKey.describe(
    '32 random bytes, base64; several separated by commas: the first makes links and seals, all are recognised',
  ),
  ALERT_EMAIL: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address')
    .optional()
    .describe('who is told, beside the operators, of uploads that cannot be verified; no other alert is sent yet'),
  PROCESS_ROLE: z
    .enum(['all', 'api', 'worker'], 'all, api or worker')
    .default('all')
    .describe('`all`, `api` or `worker`'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'fatal, error, warn, info, debug or trace')
    .default('info')
    .describe('`fatal`, `error`, `warn`, `info`, `debug` or `trace`'),
  LOG_FORMAT: z.enum(['json', 'pretty'], 'json or pretty').optional().describe('`json` or `pretty`'),
  EMULATOR_PORT: port(8086).describe('port of the embedded emulator; 0 is any free one'),
  MAILBOX_PORT: port(1080).describe("port of the embedded mailbox's page; 0 is any free one"),
  DATABASE_PORT: port(0).describe('port of the embedded PostgreSQL; 0 is any free one'),
  CLIENT_FACTS_RETENTION: z
    .string()
    .regex(
      /^P(?=.*[1-9])(?=\d|T\d)(\d{1,3}W)?(\d{1,4}D)?(T(?=\d)(\d{1,4}H)?(\d{1,4}M)?(\d{1,6}S)?)?$/,
      'a duration such as P30D',
    )
    .default('P30D')
    .describe(
      'how long it is kept what kind of program used a link, and from which address (as a keyed hash), an ISO 8601 duration; with less than an hour scanners are recognised for that long only',
    ),
  COPY_PARALLEL: z.coerce
    .number('a whole number from 1 to 64')
    .int('a whole number from 1 to 64')
    .min(1, 'a whole number from 1 to 64')
    .max(64, 'a whole number from 1 to 64')
    .default(4)
    .describe("copies to users' projects that one process makes at once, 1 to 64; others wait for their turn"),
  COPY_BYTES_PER_SECOND: z.coerce
    .number(COPY_RATE)
    .int(COPY_RATE)
    .min(LEAST_COPY_RATE, COPY_RATE)
    .max(Number.MAX_SAFE_INTEGER, COPY_RATE)
    .optional()
    .describe(
      "bytes a second that all copies of one process pass on together, 65536 or more; a second's worth may pass at once after a pause",
    ),
  TRUST_PROXY: z
    .string()
    .optional()
    .describe('addresses of proxies whose `X-Forwarded-For` is believed, separated by commas; `true` for all'),
  UPLOAD_CREDENTIAL_LIFE: credentialLife().describe(
    'how long one Mediaflux credential of an upload lives, an ISO 8601 duration from PT1S to P1D; clients ask for the next in the last quarter of it, for as long as the upload goes on',
  ),
  DOWNLOAD_CREDENTIAL_LIFE: credentialLife().describe(
    'the same of a download by the Data Mover, for as long as the download may go on',
  ),
  SWEEP_INTERVAL: secondsUpTo(LONGEST_SWEEP_SECONDS, 'PT30S', 'from PT1S to PT30S, such as PT5S').describe(
    'the longest pause between two passes of the sweeps that end credentials and take up what a killed process left, an ISO 8601 duration from PT1S to PT30S; most come every 2 to 10 s by themselves',
  ),
});

export type SettingName = keyof typeof settingsSchema.shape;

/** What holds where a setting without a default of its own is unset, in words (Markdown). */
export const USUALLY: Partial<Record<SettingName, string>> = {
  HOST: '127.0.0.1, in production 0.0.0.0',
  PUBLIC_URL: '`http://localhost:PORT`',
  DATABASE_URL: 'embedded',
  REDIS_URL: 'the queue is in PostgreSQL',
  MEDIAFLUX_URL: 'the emulator',
  SMTP_URL: 'a local mailbox',
  MAIL_FROM: '`Dispatch <dispatch@localhost.localdomain>`',
  ADMIN_API_KEY: 'made at first start, in `DATA_DIR/admin-key`',
  SECRET_KEY: 'made at first start, in `DATA_DIR/secret-key`',
  LOG_FORMAT: '`pretty`, in production `json`',
  COPY_BYTES_PER_SECOND: 'no limit',
};

/** Each may stand in a file that `NAME_FILE` names. */
export const SECRETS = [
  'DATABASE_URL',
  'REDIS_URL',
  'MEDIAFLUX_TOKEN',
  'MEDIAFLUX_PASSWORD',
  'SMTP_URL',
  'ADMIN_API_KEY',
  'SECRET_KEY',
] as const satisfies readonly SettingName[];
