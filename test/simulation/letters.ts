// The mail server of the simulation: what it was given, when, and what it made of it. It refuses, puts off, hangs and
// breaks; servers die while they speak to it.

import { MailTransport } from '../../src/mail/index.js';
import type { ComposedMail } from '../../src/mail/mail-kinds.js';
import type { Addressee, HandOver } from '../../src/mail/mail-transport.js';
import type { Server } from './server.js';

/** A mail that the mail server had all of, or a recipient that it refused for good. */
export interface Letter {
  messageId: string;
  recipient: string;
  /** The moment at which it was judged, the same by the clock of the server that did, and the moment at which it left. */
  judgedAt: number;
  writtenFor: number;
  leftAt: number;
  /** From 1, in the order in which they left. */
  order: number;
  text: string;
  html: string;
  notAfter: number | null;
  outcome: 'taken' | 'no-answer' | 'refused';
}

export interface Post {
  handOver(server: Server, mail: ComposedMail, to: Addressee): Promise<HandOver>;
}

export class PostedBy extends MailTransport {
  constructor(
    private readonly server: Server,
    private readonly post: Post,
  ) {
    super({ smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'Dispatch <dispatch@example.org>' });
  }

  override handOver(mail: ComposedMail, to: Addressee): Promise<HandOver> {
    return this.post.handOver(this.server, mail, to);
  }
}
