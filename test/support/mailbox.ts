// The local mailbox, read over its JSON.

import { until } from './wait.js';

export interface Mail {
  id: string;
  from: string;
  to: string[];
  subject: string;
  messageId: string;
  headers: Record<string, string>;
  text: string;
  html: string;
}

export class Mailbox {
  constructor(private readonly address: string) {}

  all(): Promise<Mail[]> {
    return this.ask('');
  }

  to(recipient: string): Promise<Mail[]> {
    return this.ask(`?to=${encodeURIComponent(recipient)}`);
  }

  private async ask(query: string): Promise<Mail[]> {
    // A kept connection may be ended by the mailbox in the very moment in which it is used again.
    const reply = await fetch(`${this.address}/api/mails${query}`, { headers: { connection: 'close' } });
    return ((await reply.json()) as { items: Mail[] }).items;
  }

  /** The first mail to `recipient` whose subject fits, when it has come. */
  next(recipient: string, subject: RegExp, withinMs?: number): Promise<Mail> {
    return until(
      `a mail to ${recipient} about ${subject.source}`,
      async () => (await this.to(recipient)).find((mail) => subject.test(mail.subject)),
      withinMs,
    );
  }
}

/** The link in a mail to an end user. */
export function linkIn(mail: Mail): string {
  const link = /https?:\/\/\S+\/s\/[\w-]+/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error('The mail holds no link.');
  return link;
}
