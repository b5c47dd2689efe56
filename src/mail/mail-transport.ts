// Speaks to the mail server: hands one mail over and says truthfully what came of it.

import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ComposedMail } from './mail-kinds.js';
import { mailMessage, parseSender, type Sender } from './mail-message.js';
import { type MayGo, SmtpConnections, type SmtpFault, TIMEOUTS } from './smtp-connections.js';
import { enhancedCodeOf, outcomeOf, type SmtpOutcome } from './smtp-outcome.rules.js';

export interface MailTransportSettings {
  smtpUrl: string;
  /** `Name <address>` or an address. */
  mailFrom: string;
}

/** `stopped`: by `mayGo`, before the mail server had all of it. */
export type HandOver = { outcome: 'sent' } | { outcome: SmtpOutcome | 'stopped'; reason: string };

export interface Addressee {
  /** An address. */
  recipient: string;
  /** With its angle brackets. */
  messageId: string;
  /** Where the mail server reports that it did not arrive; the sender's address if undefined. */
  returnAddress: string | undefined;
  at: Date;
  mayGo?: MayGo;
}

export const PARALLEL_HAND_OVERS = 5;
const CHECK_AGAIN_AFTER_MS = 10_000;

@Injectable()
export class MailTransport implements OnApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly connections: SmtpConnections;
  private readonly from: Sender;
  private checkedAt = -Infinity;
  private checking: Promise<{ ready: boolean; detail?: string }> = Promise.resolve({
    ready: false,
    detail: 'Not asked yet.',
  });

  constructor(settings: MailTransportSettings, timeouts = TIMEOUTS) {
    this.connections = new SmtpConnections(settings.smtpUrl, PARALLEL_HAND_OVERS, timeouts);
    this.from = parseSender(settings.mailFrom);
  }

  /** Hands the mail over, once. @throws Error it cannot be written; what the mail server does is the answer */
  async handOver(mail: ComposedMail, to: Addressee): Promise<HandOver> {
    const raw = await mailMessage(mail, {
      from: this.from,
      to: to.recipient,
      messageId: to.messageId,
      date: to.at,
    });
    const answer = await this.connections.handOver(
      { from: to.returnAddress ?? this.from.address, to: to.recipient },
      raw,
      to.mayGo,
    );
    if (answer.isTaken) return { outcome: 'sent' };
    if (answer.wasStopped) return { outcome: 'stopped', reason: 'it was held back at the last moment' };
    const { fault, wasDotSent } = answer;
    const { responseCode, response, command } = fault;
    return { outcome: outcomeOf({ responseCode, response, command, wasDotSent }), reason: reasonOf(fault) };
  }

  /** Can the mail server be reached? Asked at most every few seconds. */
  check(): Promise<{ ready: boolean; detail?: string }> {
    if (performance.now() - this.checkedAt > CHECK_AGAIN_AFTER_MS) {
      this.checkedAt = performance.now();
      this.checking = this.connections.check().then(
        () => ({ ready: true }),
        (fault: SmtpFault) => {
          this.logger.warn(`The mail server cannot be used now (${reasonOf(fault)}).`);
          this.checkedAt = -Infinity;
          return { ready: false, detail: 'The mail server cannot be reached or refuses us; mails wait.' };
        },
      );
    }
    return this.checking;
  }

  onApplicationShutdown(): void {
    this.connections.close();
  }
}

/** Codes only: what a mail server says may hold addresses. */
function reasonOf({ code, responseCode, response, command }: SmtpFault): string {
  if (responseCode === undefined) return `the connection failed (${code ?? 'unknown'})`;
  const enhanced = enhancedCodeOf(response ?? '');
  const to = command === undefined ? '' : ` to ${command.split(' ').slice(0, 2).join(' ')}`;
  return `the mail server answered ${responseCode}${enhanced === undefined ? '' : ` ${enhanced}`}${to}`;
}

/** `550 5.1.1` of a reason that names what the mail server answered; undefined of any other. */
export const replyCodeIn = (reason: string): string | undefined =>
  /^the mail server answered (\d{3}(?: \d\.\d{1,3}\.\d{1,3})?)/.exec(reason)?.[1];
