// Faults to try clients with, and a log of the calls received. Nothing happens here unless a fault was set.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceFault } from '../faults.js';
import { plain } from '../http/plain.js';
import { attributeOf, childrenOf, type Element, escapeXml, writeXml } from '../xml/element.js';

/** What is done to a call that the fault meets. */
export type FaultAction =
  /** Waits before it goes on. */
  | { delayMs: number }
  /** Waits until the faults are cleared. */
  | { hold: true }
  /** The same of a call that was judged before: it goes on with the rights of an administrator, whatever has ended since. */
  | { holdAdmitted: true }
  /** Closes the connection without an answer. */
  | { refuse: true }
  /** Answers with this HTTP status. */
  | { status: number }
  /** Closes the connection after so many bytes of the answer's body. */
  | { cutAfterBytes: number }
  /** Answers with an error reply of this text and, if given, class. */
  | { error: string; errorClass?: string };

export interface Fault {
  /** Of this service, also inside a `service.execute`; without it, of any request. */
  service?: string;
  /** Whose arguments hold this text, as the name of a namespace; without it, any. */
  saying?: string;
  /** At this address, as in `/mflux/content.mfjp`; without it, any. */
  path?: string;
  /** Lets so many pass first. */
  after?: number;
  /** Meets so many, then no more; without it, all. */
  times?: number;
  action: FaultAction;
}

/** Names only: arguments may hold secrets. */
export interface LoggedCall {
  at: number;
  method: string;
  path: string;
  service: string | null;
  inner: readonly string[];
}

const LONGEST_LOG = 10_000;

export class Faults {
  private faults: Fault[] = [];
  private log: LoggedCall[] = [];
  private held: (() => void)[] = [];
  private readonly pending = new WeakMap<ServerResponse, LoggedCall>();

  constructor(private readonly now: () => number) {}

  set(fault: Fault): void {
    this.faults.push({ ...fault });
  }

  /** Ends all faults, and lets what they hold go on. */
  clear(): void {
    this.faults = [];
    for (const release of this.held.splice(0)) release();
  }

  /** Calls that stand still now. */
  get heldCalls(): number {
    return this.held.length;
  }

  calls(): readonly LoggedCall[] {
    return this.log;
  }

  forgetCalls(): void {
    this.log = [];
  }

  /** False when the request has been dealt with. */
  async onRequest(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    const call: LoggedCall = { at: this.now(), method: request.method ?? '', path, service: null, inner: [] };
    this.log.push(call);
    if (this.log.length > LONGEST_LOG) this.log.splice(0, LONGEST_LOG / 10);
    this.pending.set(response, call);
    const action = this.take((fault) => fault.service === undefined && (fault.path ?? path) === path);
    return action ? this.apply(action, response) : true;
  }

  /**
   * Answers whether the call was judged before it was held.
   * @throws ServiceFault, or Interrupted when the answer has been given
   */
  async onCall(response: ServerResponse, service: string, args: Element): Promise<boolean> {
    const call = this.pending.get(response);
    const inner = childrenOf(args, 'service').map((one) => attributeOf(one, 'name') ?? '');
    if (call) Object.assign(call, { service, inner });
    const names = new Set([service, ...inner]);
    const says = (text: string | undefined): boolean => text === undefined || writeXml(args).includes(escapeXml(text));
    const action = this.take((fault) => fault.service !== undefined && names.has(fault.service) && says(fault.saying));
    if (!action) return false;
    if ('error' in action) {
      throw new ServiceFault(`call to service '${service}' failed: ${action.error}`, {
        className: action.errorClass ?? 'arc.mf.server.Services$ExServiceError',
        superclasses: ['java.lang.Throwable'],
      });
    }
    if (!(await this.apply(action, response))) throw new Interrupted();
    return 'holdAdmitted' in action;
  }

  private take(meets: (fault: Fault) => boolean): FaultAction | undefined {
    for (const fault of this.faults) {
      if (!meets(fault) || fault.times === 0) continue;
      if (fault.after !== undefined && fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      if (fault.times !== undefined) fault.times -= 1;
      return fault.action;
    }
    return undefined;
  }

  private async apply(action: FaultAction, response: ServerResponse): Promise<boolean> {
    if ('delayMs' in action) {
      await new Promise((resolve) => setTimeout(resolve, action.delayMs).unref());
      return true;
    }
    if ('hold' in action || 'holdAdmitted' in action) {
      await new Promise<void>((resolve) => this.held.push(resolve));
      return true;
    }
    if ('cutAfterBytes' in action) {
      cutAfter(response, action.cutAfterBytes);
      return true;
    }
    if ('status' in action) plain(response, action.status, 'A fault that was asked for.');
    else response.destroy();
    return false;
  }
}

/** The call has been answered, or its connection closed, by a fault. */
export class Interrupted extends Error {}

/** An answer whose body is shorter ends as it would have. */
function cutAfter(response: ServerResponse, bytes: number): void {
  let left = bytes;
  let isCut = false;
  const write = response.write.bind(response) as (chunk: Buffer, done?: () => void) => boolean;
  const end = response.end.bind(response) as () => ServerResponse;
  const pass = (chunk: unknown): boolean => {
    if (isCut || (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))) return false;
    const part = Buffer.from(chunk as Uint8Array);
    if (part.length < left) {
      left -= part.length;
      return write(part);
    }
    isCut = true;
    // Only what has left for the network survives the end of the connection.
    write(part.subarray(0, left), () => response.destroy());
    return false;
  };
  Object.assign(response, {
    write: pass,
    end: (chunk?: unknown) => {
      pass(chunk);
      return isCut ? response : end();
    },
  });
}
