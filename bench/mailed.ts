// A server whose mails go to a mail server that takes everything, and beside it nodemailer's pooled transport alone, which
// sends the same mail.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { platformWith } from '../test/support/api.js';
import { freshFolder, removeFolders } from '../test/support/folders.js';
import { keyIdOf } from '../test/support/many-deliveries.js';
import { Program } from '../test/support/program.js';
import { until } from '../test/support/wait.js';
import type { Timing } from './timing.js';

const here = import.meta.dirname;

export class Mailed {
  private constructor(
    readonly work: string,
    private readonly sink: ChildProcess,
    private readonly smtpUrl: string,
    readonly program: Program,
    readonly database: pg.Client,
    /** Of the key that makes links. */
    readonly keyId: string,
  ) {}

  static async start(): Promise<Mailed> {
    const work = freshFolder();
    const sink = spawn(process.execPath, [join(here, 'smtp-sink.js'), lastMailIn(work)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await new Promise<string>((resolve) => createInterface(sink.stdout).once('line', resolve));
    const smtpUrl = `smtp://127.0.0.1:${port}`;
    const secretKey = randomBytes(32).toString('base64');
    const program = await Program.start({
      dataDir: join(work, 'data'),
      env: { SMTP_URL: smtpUrl, SECRET_KEY: secretKey },
    });
    const database = new pg.Client({ connectionString: program.endpoints.database });
    await database.connect();
    return new Mailed(work, sink, smtpUrl, program, database, keyIdOf(secretKey));
  }

  /** A new platform's id. */
  async makePlatform(): Promise<string> {
    const made = await this.program.admin.expect<{ id: string }>(
      201,
      'POST',
      '/api/v1/admin/platforms',
      platformWith(),
    );
    return made.id;
  }

  /** How long the transport alone takes for so many mails like the last one, and the size of one in bytes. */
  async alone(mails: number): Promise<{ timing: Timing; bytes: number }> {
    const file = lastMailIn(this.work);
    this.sink.kill('SIGUSR2');
    await until('the last mail', () => (statSync(file, { throwIfNoEntry: false })?.size ? true : undefined));
    const args = [join(here, 'pooled-transport.js'), this.smtpUrl, file, String(mails)];
    const timing = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Timing;
    return { timing, bytes: statSync(file).size };
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.program.stop();
    this.sink.kill();
    removeFolders(this.work);
  }
}

const lastMailIn = (work: string): string => join(work, 'last.eml');
