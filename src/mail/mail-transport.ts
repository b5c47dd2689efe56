// Speaks SMTP: hands one mail over and says truthfully what came of it.

import { Readable } from 'node:stream';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { ComposedMail } from './mail-kinds.js';
import { outcomeOf, type SmtpOutcome } from './smtp-outcome.rules.js';

export interface MailSettings {
  smtpUrl: string;
  /** `Name <address>` or an address. */
  mailFrom: string;
}

export type HandOver = { outcome: 'sent' } | { outcome: SmtpOutcome; reason: string };

const PARALLEL = 5;
/** All below the lease of a claimed mail, so that silence ends before another worker takes the mail over. */
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000, dnsTimeout: 5_000 };
const CHECK_AGAIN_AFTER_MS = 10_000;

@Injectable()
export class MailTransport implements OnApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly transporter: Transporter<SMTPPool.SentMessageInfo>;
  private readonly from: { name: string; address: string };
  private checkedAt = -Infinity;
  private checking: Promise<{ ready: boolean; detail?: string }> = Promise.resolve({
    ready: false,
    detail: 'Not asked yet.',
  });

  constructor(settings: MailSettings) {
    this.transporter = createTransport({
      url: settings.smtpUrl,
      pool: true,
      maxConnections: PARALLEL,
      maxMessages: 1_000,
      maxRequeues: 0,
      ...TIMEOUTS,
    } as SMTPPool.Options);
    this.from = parseSender(settings.mailFrom);
  }

  get senderAddress(): string {
    return this.from.address;
  }

  /** Hands the mail over, once. Never throws: what went wrong is the answer. */
  async handOver(mail: ComposedMail, recipient: string, messageId: string, at: Date): Promise<HandOver> {
    let wasContentSent = false;
    try {
      const raw = await this.build(mail, recipient, messageId, at);
      const content = Readable.from(
        inParts(raw, () => (wasContentSent = true)),
        { objectMode: false },
      );
      await this.transporter.sendMail({ envelope: { from: this.from.address, to: [recipient] }, raw: content });
      return { outcome: 'sent' };
    } catch (error) {
      const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
      const outcome = outcomeOf({ code, responseCode, command, wasContentSent });
      return { outcome, reason: reasonOf(code, responseCode, command) };
    }
  }

  /** Can the mail server be reached? Asked at most every few seconds. */
  check(): Promise<{ ready: boolean; detail?: string }> {
    if (performance.now() - this.checkedAt > CHECK_AGAIN_AFTER_MS) {
      this.checkedAt = performance.now();
      this.checking = this.transporter.verify().then(
        () => ({ ready: true }),
        (error: { code?: string; responseCode?: number }) => {
          this.logger.warn(
            `The mail server cannot be used now (${reasonOf(error.code, error.responseCode, undefined)}).`,
          );
          this.checkedAt = -Infinity;
          return { ready: false, detail: 'The mail server cannot be reached or refuses us; mails wait.' };
        },
      );
    }
    return this.checking;
  }

  onApplicationShutdown(): void {
    this.transporter.close();
  }

  private async build(mail: ComposedMail, recipient: string, messageId: string, at: Date): Promise<Buffer> {
    const composer = new MailComposer({
      from: { name: oneLine(mail.fromName ?? this.from.name), address: this.from.address },
      to: recipient,
      ...(mail.replyTo ? { replyTo: { name: oneLine(mail.replyTo.name), address: mail.replyTo.address } } : {}),
      subject: oneLine(mail.subject),
      date: at,
      messageId,
      text: mail.text,
      html: mail.html,
      textEncoding: 'quoted-printable',
      headers: {
        'Auto-Submitted': 'auto-generated',
        ...Object.fromEntries(Object.entries(mail.headers ?? {}).map(([name, value]) => [name, oneLine(value)])),
      },
    });
    return composer.compile().build();
  }
}

const PART_BYTES = 16 * 1024;

/** The mail in parts; `onAllSent` is called when the last one has been asked for and is about to leave. */
function* inParts(raw: Buffer, onAllSent: () => void): Generator<Buffer> {
  for (let start = 0; start < raw.length; start += PART_BYTES) {
    if (start + PART_BYTES >= raw.length) onAllSent();
    yield raw.subarray(start, start + PART_BYTES);
  }
}

/** No value can begin a header of its own. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** Codes only: what a mail server says may hold addresses. */
function reasonOf(code: string | undefined, responseCode: number | undefined, command: string | undefined): string {
  if (responseCode !== undefined)
    return `the mail server answered ${responseCode}${command === undefined ? '' : ` to ${command.split(' ').slice(0, 2).join(' ')}`}`;
  return `the connection failed (${code ?? 'unknown'})`;
}

function parseSender(text: string): { name: string; address: string } {
  const match = /^(.*)<([^<>]+)>\s*$/.exec(text);
  return match
    ? { name: (match[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), address: (match[2] ?? '').trim() }
    : { name: '', address: text.trim() };
}
