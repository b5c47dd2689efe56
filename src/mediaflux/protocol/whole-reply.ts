// A short answer, kept until all of it is here: without what a stream costs, which for many small files is most of it.

import type { Dispatcher } from 'undici';
import { MediafluxError } from './errors.js';

/** An answer that is in memory. */
export interface WholeReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

const MOST_BYTES = 64 * 1024 * 1024;

/** Where the body of an answer is put. */
export interface Into {
  /** Memory of at least so many bytes, which nobody else uses. */
  memoryFor(bytes: number): Buffer;
  /** A longer body is refused. */
  mostBytes: number;
  /** Told of each part that came. */
  came(bytes: number): void;
}

/**
 * Takes an answer as it comes. `end` is called when it is no longer waited for; `copied` with the parts of an answer that
 * are not its body themselves.
 */
export class Gathering implements Dispatcher.DispatchHandler {
  private status = 0;
  private headers: WholeReply['headers'] = {};
  private readonly parts: Buffer[] = [];
  private bytes = 0;
  private controller: Dispatcher.DispatchController | undefined;

  constructor(
    private readonly resolve: (reply: WholeReply) => void,
    private readonly reject: (error: Error) => void,
    private readonly signal: AbortSignal | undefined,
    private readonly copied: (parts: readonly Buffer[]) => void,
    private readonly into?: Into,
  ) {
    signal?.addEventListener('abort', this.leave);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal?.aborted) this.leave();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: WholeReply['headers']): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    this.bytes += part.length;
    this.parts.push(part);
    this.into?.came(part.length);
    if (this.bytes > (this.into?.mostBytes ?? MOST_BYTES))
      controller.abort(
        new MediafluxError('malformed-reply', 'Mediaflux sent a longer answer than this program reads at once.'),
      );
  }

  onResponseEnd(): void {
    const { status, headers, parts } = this;
    const [only] = parts;
    if (only && parts.length === 1 && !this.into) {
      this.resolve({ status, headers, body: only });
      return;
    }
    this.resolve({ status, headers, body: this.inOne() });
    this.copied(parts);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.reject(error);
  }

  end(): void {
    this.signal?.removeEventListener('abort', this.leave);
  }

  private inOne(): Buffer {
    const { parts, bytes } = this;
    if (!this.into) return Buffer.concat(parts, bytes);
    const memory = this.into.memoryFor(bytes);
    let at = 0;
    for (const part of parts) at += part.copy(memory, at);
    return memory.subarray(0, bytes);
  }

  private readonly leave = (): void => {
    const reason: unknown = this.signal?.reason;
    const error = reason instanceof Error ? reason : new Error('The call was ended.');
    if (this.controller) this.controller.abort(error);
    else this.reject(error);
  };
}
