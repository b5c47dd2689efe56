// A program with its own mail server, Mediaflux, database and logs in reach of the test, and every secret of it known.

import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { simpleParser } from 'mailparser';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { freshFolder } from '../support/folders.js';
import { Program } from '../support/program.js';
import { SmtpScript, type TakenMail } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { MediafluxEar } from './mediaflux-ear.js';
import { Secrets, type Text } from './secrets.js';
import { WrittenRows } from './written-rows.js';

export const CONTACT = 'desk@example.org';
const MAIL_USER = 'dispatch-mailer';

/** Long enough to be told from other text, and with what has to be escaped somewhere. */
const password = (): string => `${randomBytes(9).toString('base64url')}+ä &<"/${randomBytes(6).toString('base64url')}`;

export class Stage {
  readonly work = freshFolder();
  private constructor(
    readonly secrets: Secrets,
    readonly emulator: RunningEmulator,
    readonly ear: MediafluxEar,
    readonly smtp: SmtpScript,
    readonly program: Program,
    readonly rows: WrittenRows,
    private readonly key: Buffer,
    readonly researcher: { domain: string; user: string; password: string },
  ) {}

  /** @param env of the program, beside what is needed here */
  static async open(env: Record<string, string> = {}): Promise<Stage> {
    const secrets = new Secrets();
    const emulator = await startEmulator({ port: 0, dataDir: join(freshFolder(), 'emulator'), controlPort: 0 });
    const ear = await MediafluxEar.before(emulator.url, secrets);
    const smtp = await SmtpScript.start();
    const [ofService, ofResearcher, ofMailer] = [password(), password(), randomBytes(12).toString('hex')];
    await setPassword(emulator, 'service', 'dispatch', ofService, ['service-user']);
    await setPassword(emulator, 'demo', 'researcher', ofResearcher, ['user']);
    const key = randomBytes(32);
    const adminKey = randomBytes(24).toString('base64url');
    secrets.add('password', 'the password of the service account', ofService);
    secrets.add('password', 'the password of an end user', ofResearcher);
    secrets.add('password', 'the password of the mail server', ofMailer);
    secrets.add('key', 'SECRET_KEY', key.toString('base64'));
    secrets.add('key', 'SECRET_KEY in hexadecimal', key.toString('hex'));
    secrets.add('key', 'the administrator’s key', adminKey);
    smtp.at = (step) => (step === 'EHLO' ? HELLO : undefined);
    const program = await Program.start({
      env: {
        LOG_LEVEL: 'trace',
        LOG_FORMAT: 'json',
        ADMIN_API_KEY: adminKey,
        SECRET_KEY: key.toString('base64'),
        SMTP_URL: smtp.url.replace('//', `//${MAIL_USER}:${ofMailer}@`),
        MAIL_FROM: 'Dispatch <dispatch@dispatch.example>',
        BOUNCE_ADDRESS: 'bounce@dispatch.example',
        MEDIAFLUX_URL: ear.url,
        MEDIAFLUX_DOMAIN: 'service',
        MEDIAFLUX_USER: 'dispatch',
        MEDIAFLUX_PASSWORD: ofService,
        ...env,
      },
    });
    const rows = await WrittenRows.watch(program.endpoints.database, env['REDIS_URL'] === undefined);
    const researcher = { domain: 'demo', user: 'researcher', password: ofResearcher };
    return new Stage(secrets, emulator, ear, smtp, program, rows, key, researcher);
  }

  get adminKey(): string {
    return this.secrets.all.find(({ label }) => label === 'the administrator’s key')?.value ?? '';
  }

  /** The token of a delivery's link, which is in the mail, too. */
  tokenOf(purpose: 'share' | 'unsubscribe', deliveryId: string, generation = 0): string {
    return createHmac('sha256', this.key).update(`${purpose}:${deliveryId}:${generation}`).digest('base64url');
  }

  mail(to: string, messageId: RegExp): Promise<TakenMail> {
    return until(`a mail to ${to}`, () =>
      this.smtp.mails.find((mail) => mail.to === to && messageId.test(mail.messageId)),
    );
  }

  /** All mails to these, as they went and as a mail program shows them. */
  async mailsTo(recipients: readonly string[]): Promise<Text[]> {
    const found: Text[] = [];
    for (const [index, { raw, to }] of this.smtp.mails.filter(({ to }) => recipients.includes(to)).entries()) {
      const where = `mail ${index + 1} of ${recipients.length === 1 ? to : 'theirs'}`;
      const mail = await simpleParser(Buffer.from(raw, 'latin1'), { skipTextToHtml: true });
      const attached = mail.attachments.map(({ content }) => content.toString('utf8')).join('\n');
      found.push(
        { where: `${where}, source`, text: raw },
        { where: `${where}, text`, text: `${mail.subject ?? ''}\n${mail.text ?? ''}` },
        { where: `${where}, HTML`, text: mail.html || '' },
        { where: `${where}, attachments`, text: attached },
      );
    }
    return found;
  }

  /** Of the program, and of the PostgreSQL that it embeds. */
  async logs(): Promise<Text[]> {
    const { rows } = await this.rows.database.query<{ data_directory: string }>('show data_directory');
    const ofPostgres = join(dirname(rows[0]?.data_directory ?? ''), 'postgres.log');
    return [
      { where: 'log of the server', text: this.program.output },
      { where: 'log of PostgreSQL', text: readFileSync(ofPostgres, 'utf8') },
    ];
  }

  /** As mail servers do when they mean to be helpful; the usual again with `undefined`. */
  smtpAnswers(act: SmtpScript['at'] | undefined): void {
    this.smtp.at = (step, conversation) => act?.(step, conversation) ?? (step === 'EHLO' ? HELLO : undefined);
  }

  async close(): Promise<void> {
    await this.rows.close();
    await this.program.stop();
    await this.smtp.close();
    await this.ear.close();
    await this.emulator.close();
  }
}

const HELLO = { reply: '250-script.example\r\n250-AUTH PLAIN\r\n250 8BITMIME' };

async function setPassword(
  emulator: RunningEmulator,
  domain: string,
  user: string,
  value: string,
  roles: string[],
): Promise<void> {
  const body = JSON.stringify({ domain, user, password: value, roles });
  const reply = await fetch(`${emulator.controlUrl ?? ''}/users`, { method: 'POST', body });
  if (!reply.ok) throw new Error(`The password of ${user} was not set: ${await reply.text()}`);
}
