// Brings up every part that is not configured, on loopback only, and takes all of them down in order.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompleteSettings, Settings } from '../config/index.js';
import { startProgram } from './child-program.js';
import { lockDataDir } from './folder-lock.js';
import { mustBeFree } from './ports.js';
import { startPostgres } from './postgres.js';

/** What is listening where; null for a part that was not started here. Contract "Settings". */
export interface Endpoints {
  database: string | null;
  mediaflux: string | null;
  smtp: string | null;
  mailbox: string | null;
}

export interface EmbeddedParts {
  settings: CompleteSettings;
  endpoints: Endpoints;
  /** Where the administrator's key lies; undefined when it was configured. */
  adminKeyFile: string | undefined;
  /** The key itself, in the run that made it. */
  newAdminKey: string | undefined;
  stop(): Promise<void>;
}

export interface EmbeddedOutput {
  note(text: string): void;
  warn(text: string): void;
}

const EMULATOR_ACCOUNT = { domain: 'service', user: 'dispatch', password: 'dispatch' };

/**
 * In production nothing is started: every part is configured.
 * @param built folder with the built program
 * @throws Error a sentence for the person who starts it
 */
export async function startEmbedded(settings: Settings, built: string, output: EmbeddedOutput): Promise<EmbeddedParts> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  const endpoints: Endpoints = { database: null, mediaflux: null, smtp: null, mailbox: null };
  try {
    if (!settings.isProduction) {
      const unlock = lockDataDir(settings.dataDir);
      stops.push(async () => unlock());
      // What a killed run left would lead others to parts that are gone.
      rmSync(join(settings.dataDir, 'endpoints.json'), { force: true });
    }
    if (settings.databaseUrl === undefined) {
      const postgres = await startPostgres(settings.dataDir, settings.databasePort, (text) => output.note(text));
      stops.push(() => postgres.stop());
      endpoints.database = postgres.url;
    }
    const [mediaflux, mailbox] = await both(
      startMediaflux(settings, join(built, 'emulator', 'main.js'), output, stops),
      startMailbox(settings, join(built, 'src', 'embedded', 'mailbox', 'main.js'), output, stops),
    );
    endpoints.mediaflux = mediaflux;
    endpoints.smtp = mailbox?.smtp ?? null;
    endpoints.mailbox = mailbox?.page ?? null;
    const admin = secretFile(settings.adminApiKey, join(settings.dataDir, 'admin-key'), () =>
      randomBytes(24).toString('base64url'),
    );
    const secret = secretFile(settings.secretKeys ? '' : undefined, join(settings.dataDir, 'secret-key'), () =>
      randomBytes(32).toString('base64'),
    );
    return {
      settings: {
        ...settings,
        databaseUrl: settings.databaseUrl ?? needed(endpoints.database),
        mediaflux: settings.mediaflux ?? { url: needed(endpoints.mediaflux), credentials: EMULATOR_ACCOUNT },
        smtpUrl: settings.smtpUrl ?? needed(endpoints.smtp),
        adminApiKey: admin.value,
        secretKeys: settings.secretKeys ?? [Buffer.from(secret.value, 'base64')],
      },
      endpoints,
      adminKeyFile: admin.file,
      newAdminKey: admin.isNew ? admin.value : undefined,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for both, so that what one of them started is stopped when the other fails. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  return [a.value, b.value];
}

async function startMediaflux(
  settings: Settings,
  script: string,
  output: EmbeddedOutput,
  stops: (() => Promise<void>)[],
): Promise<string | null> {
  if (settings.mediaflux) return null;
  if (settings.emulatorPort !== 0) await mustBeFree(settings.emulatorPort, 'EMULATOR_PORT');
  const args = [
    '--port',
    String(settings.emulatorPort),
    '--data',
    join(settings.dataDir, 'mediaflux'),
    '--exit-with-stdin',
  ];
  const emulator = await startProgram('Mediaflux emulator', script, args, (text) => output.warn(text));
  stops.push(() => emulator.stop());
  return emulator.readyLine.replace(/^.* /, '');
}

async function startMailbox(
  settings: Settings,
  script: string,
  output: EmbeddedOutput,
  stops: (() => Promise<void>)[],
): Promise<{ smtp: string; page: string } | null> {
  if (settings.smtpUrl !== undefined) return null;
  if (settings.mailboxPort !== 0) await mustBeFree(settings.mailboxPort, 'MAILBOX_PORT');
  const args = [String(settings.mailboxPort), join(settings.dataDir, 'mailbox')];
  const mailbox = await startProgram('mailbox', script, args, (text) => output.warn(text));
  stops.push(() => mailbox.stop());
  return JSON.parse(mailbox.readyLine) as { smtp: string; page: string };
}

/** A secret of ours that is made once and kept in a file that only its owner may read. */
function secretFile(
  configured: string | undefined,
  file: string,
  make: () => string,
): { value: string; file?: string; isNew: boolean } {
  if (configured !== undefined) return { value: configured, isNew: false };
  if (existsSync(file)) return { value: readFileSync(file, 'utf8').trim(), file, isNew: false };
  const value = make();
  writeFileSync(`${file}.new`, `${value}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { value, file, isNew: true };
}

function needed(value: string | null): string {
  if (value === null) throw new Error('A part was neither configured nor started.');
  return value;
}
