// One kept connection for short requests whose bodies are in memory, and the plain answers to them.

import type { OnReadOpts, Socket } from 'node:net';
import { type ConnectionLimits, type HttpEnds, ofTimer } from './limits.js';
import {
  type AnswerHead,
  answerHead,
  brokenOff,
  connected,
  HEAD_END,
  LONGEST_HEAD_BYTES,
  opened,
  timeout,
} from './straight-connection.js';
import type { WholeReply } from './whole-reply.js';

export type PostEnds = Pick<HttpEnds, 'signal' | 'answerWithinMs'>;

/** The server had ended the connection, which was idle, before it began to answer; `cause` is what ended it. */
export class Stale extends Error {}

const READ_BYTES = 16 * 1024;
const MOST_BYTES = 1024 * 1024;
/** Where the server does not tell how long it keeps an idle connection. */
const LONGEST_IDLE_MS = 30_000;
/** Before the limit that a server tells, on account of the way there. */
const EARLIER_MS = 1_000;
const SUCCESS = 200;
/** It says that no request came: that of a connection used again may be made once more (RFC 9110, 15.5.9). */
const REQUEST_TIMEOUT = 408;
const BEGINNING = 'HTTP/1.';
const EMPTY = Buffer.alloc(0);

interface Waiting {
  resolve(reply: WholeReply | undefined): void;
  reject(error: unknown): void;
}

export class KeptConnection {
  private readonly socket: Socket;
  /** Exchanges that have begun. */
  private exchanges = 0;
  private waiting: Waiting | undefined;
  /** The request is only just leaving: what comes may be the rest of what was read with the answer before. */
  private isLeaving = false;
  /** Of an answer's head, as long as its end is not here. */
  private begun: Buffer | undefined;
  private head: AnswerHead | undefined;
  /** Of the answer before: mostly the next one's, byte for byte. */
  private former: { bytes: Buffer; head: AnswerHead } | undefined;
  private body = EMPTY;
  /** Of the body. */
  private cameBytes = 0;

  constructor(
    private readonly address: URL,
    private readonly limits: ConnectionLimits,
    private readonly pool: { becameIdle(): void; ended(): void },
  ) {
    const socket = opened(address, this.onread());
    this.socket = socket;
    let broken: Error | undefined;
    socket.on('error', (error) => {
      broken ??= error;
      // An error of TLS alone leaves it open.
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy(this.waiting && timeout('read')));
    socket.on('end', () => socket.destroy(this.waiting && brokenOff()));
    socket.on('close', () => {
      pool.ended();
      const isStale = this.isUsedAgain && !this.head && !this.begun && isOfTheServer(broken);
      const cause = broken ?? brokenOff();
      this.takeWaiting()?.reject(isStale ? new Stale(cause.message, { cause }) : cause);
    });
  }

  get hasEnded(): boolean {
    return this.socket.destroyed;
  }

  get isUsedAgain(): boolean {
    return this.exchanges > 1;
  }

  /** @throws errors of the network by their codes; the reason of the signal */
  open(signal: AbortSignal | undefined): Promise<void> {
    return this.endedBy(signal, () => connected(this.socket, this.address, this.limits.connectTimeoutMs));
  }

  /**
   * One at a time. Undefined: the answer is of another kind than those that are read here.
   * @throws Stale, errors of the network by their codes; the reason of the signal
   */
  exchange(head: string, body: Buffer, { signal, answerWithinMs }: PostEnds): Promise<WholeReply | undefined> {
    const { socket } = this;
    const sent = (resolve: Waiting['resolve'], reject: Waiting['reject']): void => {
      if (socket.destroyed) throw brokenOff();
      socket.setTimeout(ofTimer(answerWithinMs ?? this.limits.firstByteTimeoutMs)).ref();
      this.exchanges += 1;
      this.waiting = { resolve, reject };
      this.isLeaving = true;
      setImmediate(() => (this.isLeaving = false));
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    };
    return this.endedBy(signal, () => new Promise(sent));
  }

  close(error: Error): void {
    this.socket.destroy(error);
  }

  /** While the work goes on, the signal ends the connection. */
  private async endedBy<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const leave = (): void => this.close(reasonOf(signal));
    signal?.addEventListener('abort', leave);
    if (signal?.aborted) leave();
    try {
      return await work();
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  private onread(): OnReadOpts {
    const memory = Buffer.allocUnsafeSlow(READ_BYTES);
    return {
      buffer: memory,
      callback: (bytes) => {
        this.came(memory.subarray(0, bytes));
        return true;
      },
    };
  }

  /** @param part good until this has ended */
  private came(part: Buffer): void {
    const isRest = this.isLeaving && part.toString('latin1', 0, BEGINNING.length) !== BEGINNING;
    // What nobody asked for, as the farewell of a server that ends an idle connection.
    if (!this.waiting || isRest) {
      this.socket.destroy();
      return;
    }
    const rest = this.head ? part : this.takeHead(part);
    if (!rest || this.head?.length === undefined) return;
    const taken = rest.copy(this.body, this.cameBytes);
    this.cameBytes += taken;
    if (this.cameBytes === this.head.length) this.finish(this.head, taken < rest.length);
    else this.socket.setTimeout(this.limits.idleTimeoutMs);
  }

  /** What of the part stands behind the head; undefined: the head is not whole, or of an answer that is not read further. */
  private takeHead(part: Buffer): Buffer | undefined {
    const all = this.begun ? Buffer.concat([this.begun, part]) : part;
    const isAsBefore = this.former && all.subarray(0, this.former.bytes.length).equals(this.former.bytes);
    if (!isAsBefore) {
      const end = all.indexOf(HEAD_END);
      if (end < 0 && all.length <= LONGEST_HEAD_BYTES) {
        // The memory of the part is read into again.
        this.begun = this.begun ? all : Buffer.from(all);
        this.socket.setTimeout(this.limits.idleTimeoutMs);
        return undefined;
      }
      const head = end < 0 ? undefined : answerHead(all.toString('latin1', 0, end));
      this.former = head && { bytes: Buffer.from(all.subarray(0, end + HEAD_END.length)), head };
    }
    const { head, bytes } = this.former ?? {};
    if (head?.status === REQUEST_TIMEOUT && this.isUsedAgain) {
      // It crossed the request on its way.
      this.takeWaiting()?.reject(new Stale('The server had ended the connection.'));
      this.socket.destroy();
      return undefined;
    }
    if (!bytes || head?.length === undefined || head.length > MOST_BYTES) {
      const isRefusal = head !== undefined && head.status !== SUCCESS;
      this.takeWaiting()?.resolve(isRefusal ? { status: head.status, headers: head.headers, body: EMPTY } : undefined);
      this.socket.destroy();
      return undefined;
    }
    this.head = head;
    this.body = Buffer.allocUnsafe(head.length);
    return all.subarray(bytes.length);
  }

  private finish({ status, headers, isLast }: AnswerHead, isMore: boolean): void {
    const { body, socket } = this;
    const waiting = this.takeWaiting();
    const idleMs = isLast || isMore || socket.writableLength > 0 ? 0 : idleMsOf(headers);
    if (idleMs > 0) {
      // A program that has nothing else to do may end.
      socket.setTimeout(idleMs).unref();
      this.pool.becameIdle();
    } else socket.destroy();
    waiting?.resolve({ status, headers, body });
  }

  private takeWaiting(): Waiting | undefined {
    const { waiting } = this;
    this.waiting = undefined;
    this.begun = undefined;
    this.head = undefined;
    this.cameBytes = 0;
    return waiting;
  }
}

/** By its ending, and not by a limit or whoever is here. */
const isOfTheServer = (broken: (Error & { code?: string }) | undefined): boolean =>
  broken === undefined || broken.code === 'ECONNRESET' || broken.code === 'EPIPE';

/** How long the connection may stand idle. */
function idleMsOf({ 'keep-alive': told = '' }: Readonly<Record<string, string>>): number {
  const seconds = /\btimeout=(\d{1,6})\b/i.exec(told)?.[1];
  return seconds === undefined ? LONGEST_IDLE_MS : Math.min(LONGEST_IDLE_MS, Number(seconds) * 1_000 - EARLIER_MS);
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('The call was ended.', { cause: reason });
}
