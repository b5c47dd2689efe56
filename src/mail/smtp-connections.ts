// Connections to the mail server, kept open between mails. Each hand-over tells exactly how far it came: the final dot
// is let go only after the content has left over a connection that still stands, so a break before it is known as one.

import { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { parseConnectionUrl } from 'nodemailer/lib/shared/index.js';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import pLimit from 'p-limit';

export type SmtpFault = SMTPConnection.SMTPError;

export interface Envelope {
  from: string;
  to: string;
}

/** Asked when a connection is there, with how long that took, and again just before the final dot: may it still go? */
export type MayGo = (step: Step, waitedMs: number) => boolean | Promise<boolean>;

/** `final-dot`: the content has left; without its end the mail server keeps nothing of it. */
export type Step = 'start' | 'final-dot';

type MayTake = (step: Step) => boolean | Promise<boolean>;

/** What came of one hand-over; `wasDotSent`: the mail server had all of it before the fault; `wasStopped`: by `mayGo`. */
export type Answer = { isTaken: true } | { isTaken: false; fault: SmtpFault; wasDotSent: boolean; wasStopped: boolean };

/** Silence of this length ends a connection. The lease of a mail is renewed meanwhile. */
export const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 5_000 };
/** However busy the mail server looks. */
export const LONGEST_HAND_OVER_MS = 60_000;
/** Many mail servers end a connection after so many. */
const MOST_MAILS = 100;

interface Logon {
  user: string;
  pass: string;
}

interface Held {
  connection: SMTPConnection;
  mails: number;
}

export class SmtpConnections {
  private readonly options: SMTPConnection.Options;
  private readonly logon: Logon | undefined;
  private readonly limit: <T>(work: () => Promise<T>) => Promise<T>;
  private readonly idle: Held[] = [];
  private isClosed = false;

  constructor(url: string, parallel: number, timeouts = TIMEOUTS) {
    const { auth, ...options } = parseConnectionUrl(url) as SMTPConnection.Options & { auth?: Logon };
    this.options = { ...options, ...timeouts };
    this.logon = auth;
    this.limit = pLimit(parallel);
  }

  /** Hands over one mail, unless `isWanted` says no before the mail server has all of it; never throws. */
  handOver(envelope: Envelope, raw: Buffer, isWanted: MayGo = () => true): Promise<Answer> {
    const asked = performance.now();
    const mayGo: MayTake = (step) => isWanted(step, performance.now() - asked);
    return this.limit(async () => {
      for (let held = this.idle.pop(); held; held = this.idle.pop()) {
        if (held.connection.destroyed) continue;
        const answer = await this.send(held, envelope, raw, mayGo);
        // The mail server may have closed it while it was idle: nothing of this mail was said, so another one is asked.
        if (answer.isTaken || answer.wasDotSent || answer.wasStopped || !isConnectionGone(answer.fault)) return answer;
      }
      try {
        return await this.send({ connection: await this.open(), mails: 0 }, envelope, raw, mayGo);
      } catch (error) {
        return { isTaken: false, fault: error as SmtpFault, wasDotSent: false, wasStopped: false };
      }
    });
  }

  /** Can the mail server be reached, and does it take our logon? @throws SmtpFault */
  async check(): Promise<void> {
    (await this.open()).quit();
  }

  close(): void {
    this.isClosed = true;
    for (const { connection } of this.idle.splice(0)) connection.quit();
  }

  private open(): Promise<SMTPConnection> {
    const connection = new SMTPConnection(this.options);
    return new Promise((resolve, reject) => {
      const fail = (error: SmtpFault): void => {
        reject(error);
        connection.close();
      };
      connection.on('error', fail);
      connection.once('end', () => reject(closed()));
      connection.connect((error) => {
        if (error) return fail(error);
        if (!this.logon) return resolve(connection);
        connection.login(this.logon, (refused) => (refused ? fail(refused) : resolve(connection)));
      });
    });
  }

  private async send(held: Held, envelope: Envelope, raw: Buffer, mayGo: MayTake): Promise<Answer> {
    const { connection } = held;
    if (!(await mayGo('start'))) {
      this.idle.push(held);
      return { isTaken: false, fault: stopped(), wasDotSent: false, wasStopped: true };
    }
    const answer = await deliver(connection, envelope, raw, mayGo);
    held.mails += 1;
    if (this.isClosed || held.mails >= MOST_MAILS) connection.quit();
    else if (answer.isTaken) this.idle.push(held);
    // After a refusal some servers want a reset and some close; a fresh connection suits all.
    else connection.close();
    return answer;
  }
}

function deliver(connection: SMTPConnection, envelope: Envelope, raw: Buffer, mayGo: MayTake): Promise<Answer> {
  return new Promise((resolve) => {
    let [wasDotSent, wasStopped] = [false, false];
    const ended = (fault: SmtpFault): void => {
      clearTimeout(deadline);
      resolve({ isTaken: false, fault, wasDotSent, wasStopped });
    };
    const deadline = setTimeout(() => {
      ended(Object.assign(new Error('The hand-over took too long.'), { code: 'ETIMEDOUT' }));
      connection.close();
    }, LONGEST_HAND_OVER_MS);
    const content = Readable.from(
      contentOf(raw, connection, {
        mayEnd: async () => (wasStopped = !(await mayGo('final-dot'))) === false,
        onDot: () => (wasDotSent = true),
      }),
      { objectMode: false },
    );
    connection.send({ from: envelope.from, to: [envelope.to] }, content, (fault) => {
      if (fault) return ended(fault);
      clearTimeout(deadline);
      resolve({ isTaken: true });
    });
  });
}

const LOOK_AGAIN_AFTER_MS = 5;

interface Dot {
  mayEnd: () => Promise<boolean>;
  onDot: () => void;
}

/** Read only once the mail server has asked for the content. Its end makes the final dot leave. */
async function* contentOf(raw: Buffer, connection: SMTPConnection, { mayEnd, onDot }: Dot): AsyncGenerator<Buffer> {
  yield raw;
  await nextTurn();
  for (let left = unsent(connection); left > 0; left = unsent(connection)) await delay(LOOK_AGAIN_AFTER_MS);
  if (!(await mayEnd())) throw stopped();
  // That took its time, and the connection may have broken meanwhile.
  unsent(connection);
  onDot();
}

/** Bytes that have not left yet. @throws SmtpFault the connection is gone */
function unsent({ destroyed, _socket: socket }: SMTPConnection): number {
  if (destroyed || !socket || !socket.writable || socket.readableEnded) throw closed();
  return socket.writableLength;
}

const closed = (): SmtpFault =>
  Object.assign(new Error('The mail server closed the connection.'), { code: 'ECONNECTION', command: 'CONN' });

const stopped = (): SmtpFault =>
  Object.assign(new Error('The mail was held back before the final dot.'), { code: 'ESTOPPED' });

const isConnectionGone = (fault: SmtpFault): boolean =>
  fault.responseCode === 421 || (fault.responseCode === undefined && fault.code !== 'ETIMEDOUT');
