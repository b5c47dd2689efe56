// A mail server over raw sockets that does what a test tells it at each step, faults included, and keeps what it was
// given.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export type Step =
  'connect' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'content' | 'dot' | 'RSET' | 'QUIT';

/** A reply, or what is done instead of one. */
export type Act = { reply: string } | 'cut' | 'silence' | undefined;

export interface Conversation {
  /** From 1. */
  connection: number;
  from: string;
  to: string;
}

export interface TakenMail {
  from: string;
  to: string;
  raw: string;
  messageId: string;
  /** False: the final dot came, and what was answered was no yes. */
  isAcknowledged: boolean;
  /** The final dot was answered with a no: it is not in anybody's mailbox. */
  isDeclined: boolean;
}

const USUAL: Partial<Record<Step, string>> = {
  connect: '220 script.example ESMTP',
  EHLO: '250-script.example\r\n250 8BITMIME',
  AUTH: '235 2.7.0 Welcome',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 Go on',
  dot: '250 2.0.0 Taken',
  RSET: '250 2.0.0 Ok',
  QUIT: '221 2.0.0 Bye',
};

export class SmtpScript {
  /** Every mail whose final dot came. */
  readonly mails: TakenMail[] = [];
  connections = 0;
  /** What is done at a step; undefined: the usual. */
  at: (step: Step, conversation: Conversation) => Act = () => undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.converse(socket));
  }

  static async start(): Promise<SmtpScript> {
    const server = createServer();
    const script = new SmtpScript(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return script;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections that neither side has ended. */
  get open(): number {
    return this.sockets.size;
  }

  to(recipient: string): TakenMail[] {
    return this.mails.filter((mail) => mail.to === recipient);
  }

  /** Answers at last where it was silent. */
  say(reply: string): void {
    for (const socket of this.sockets) socket.write(`${reply}\r\n`);
  }

  /** Ends all connections, as a mail server does with idle ones. */
  hangUp(): void {
    for (const socket of this.sockets) socket.end();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private converse(socket: Socket): void {
    this.sockets.add(socket);
    this.connections += 1;
    const conversation = { connection: this.connections, from: '', to: '' };
    let [buffered, isContent] = ['', false];
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    this.do(socket, 'connect', conversation);
    socket.on('data', (text: string) => {
      buffered += text;
      while (!socket.destroyed) {
        if (isContent) {
          if (this.at('content', conversation) === 'cut') return void socket.destroy();
          const end = buffered.indexOf('\r\n.\r\n');
          if (end < 0) return;
          const raw = buffered.slice(0, end + 2).replaceAll('\r\n..', '\r\n.');
          buffered = buffered.slice(end + 5);
          isContent = false;
          const answer = this.do(socket, 'dot', conversation);
          this.mails.push({
            ...conversation,
            raw,
            messageId: /^Message-ID:\s*(<[^>]*>)/im.exec(raw)?.[1] ?? '',
            isAcknowledged: answer.startsWith('2'),
            isDeclined: /^[45]/.test(answer),
          });
          continue;
        }
        const end = buffered.indexOf('\r\n');
        if (end < 0) return;
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        const verb = line.split(' ', 1)[0]?.toUpperCase() ?? '';
        const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
        if (verb === 'MAIL') conversation.from = address;
        if (verb === 'RCPT') conversation.to = address;
        isContent = this.do(socket, verb as Step, conversation).startsWith('354');
        if (verb === 'QUIT') socket.end();
      }
    });
  }

  /** What was answered. */
  private do(socket: Socket, step: Step, conversation: Conversation): string {
    const act = this.at(step, conversation);
    if (act === 'cut') socket.destroy();
    if (act === 'cut' || act === 'silence') return '';
    const reply = act?.reply ?? USUAL[step] ?? '502 5.5.2 Unknown';
    socket.write(`${reply}\r\n`);
    return reply;
  }
}
