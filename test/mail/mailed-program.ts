// The program with a mail server that a test lets fail, one platform, and mails to people whom no other test writes to.

import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type ParsedMail, simpleParser } from 'mailparser';
import { Program } from '../support/program.js';
import { SmtpScript, type TakenMail } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { dispatch, makeStage, type Stage } from './stage.js';

export interface DeliveryView {
  id: string;
  recipient: string;
  state: string;
  expiresAt: string | null;
  undeliverableAt: string | null;
  reminders: { state: string; messageId: string; reason?: string; goesAt?: string }[];
}

export const parse = (mail: TakenMail): Promise<ParsedMail> =>
  simpleParser(Buffer.from(mail.raw, 'latin1'), { skipTextToHtml: true });

export class MailedProgram {
  server!: SmtpScript;
  program!: Program;
  stage!: Stage;
  private people = 0;

  async open(): Promise<void> {
    this.server = await SmtpScript.start();
    this.program = await Program.start({
      env: {
        SMTP_URL: this.server.url,
        MAIL_FROM: 'Dispatch <dispatch@dispatch.example>',
        BOUNCE_ADDRESS: 'bounce@dispatch.example',
        PUBLIC_URL: 'https://dispatch.example',
      },
    });
    this.stage = await makeStage(this.program);
  }

  async close(): Promise<void> {
    await this.program.stop();
    await this.server.close();
  }

  /** A recipient that no other test writes to. */
  somebody(): string {
    return `person-${(this.people += 1)}@example.org`;
  }

  mailTo(recipient: string, messageId: RegExp): Promise<TakenMail> {
    return until(`a mail to ${recipient}`, () =>
      this.server.to(recipient).find((mail) => messageId.test(mail.messageId)),
    );
  }

  deliveryOf(uploadId: string, recipient: string): Promise<DeliveryView> {
    const { admin } = this.program;
    return until(`a delivery to ${recipient}`, async () => {
      const { deliveries } = await admin.expect<{ deliveries: { id: string; recipient: string }[] }>(
        200,
        'GET',
        `/api/v1/admin/uploads/${uploadId}`,
      );
      const found = deliveries.find((delivery) => delivery.recipient === recipient);
      return found && admin.expect<DeliveryView>(200, 'GET', `/api/v1/admin/deliveries/${found.id}`);
    });
  }

  /** Dispatches to one new person and waits for the mail. */
  async sent(fields: Record<string, unknown> = {}) {
    const recipient = this.somebody();
    const { uploadId } = await dispatch(this.stage, { recipients: [recipient], ...fields });
    const mail = await this.mailTo(recipient, /^<dispatch-/);
    const delivery = await until('the hand-over being recorded', async () => {
      const found = await this.deliveryOf(uploadId, recipient);
      return found.expiresAt === null ? undefined : found;
    });
    return { recipient, uploadId, mail, delivery };
  }

  /** Dispatches to one new person whose mail server does not know them, and waits until the operator was told. */
  async refused(): Promise<{ uploadId: string; recipient: string }> {
    const recipient = this.somebody();
    this.server.at = (step, { to }) =>
      step === 'RCPT' && to === recipient ? { reply: '550 5.1.1 No such user' } : undefined;
    const { uploadId } = await dispatch(this.stage, { recipients: [recipient] });
    await until('the operator being told', () => this.undeliverableMails(recipient)[0]);
    return { uploadId, recipient };
  }

  undeliverableMails(recipient: string): TakenMail[] {
    return this.server
      .to('ops@example.org')
      .filter(
        (mail) => mail.messageId.startsWith('<undeliverable-') && mail.raw.includes(recipient.split('@')[0] ?? ''),
      );
  }

  async remind(deliveryId: string): Promise<void> {
    await this.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${deliveryId}/remind`, { confirm: true });
  }
}

/** Of the file that calls it. The mail server takes everything again at the beginning of each test. */
export function mailedProgram(): MailedProgram {
  const mailed = new MailedProgram();
  beforeAll(() => mailed.open());
  afterAll(() => mailed.close());
  beforeEach(() => {
    mailed.server.at = () => undefined;
  });
  return mailed;
}
