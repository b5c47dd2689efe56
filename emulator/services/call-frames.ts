// The services that a fault passed on its way out, the innermost first. The context of an error reply shows them
// (reference 1.5).

import { ServiceFault } from '../faults.js';
import type { Element } from '../xml/element.js';

/** One service on the call stack. */
export interface CallFrame {
  service: string;
  args: Element;
  /** `domain:user`, or the number of an identity. */
  actor?: string;
  sessionId?: number;
  startedAt: number;
}

class FaultInCall extends ServiceFault {
  constructor(
    fault: ServiceFault,
    message: string,
    readonly frames: readonly CallFrame[],
  ) {
    super(message, fault.cause_);
  }
}

/** Empty for a fault of no service. */
export const framesOf = (error: unknown): readonly CallFrame[] => (error instanceof FaultInCall ? error.frames : []);

/** The fault in other words, with the services that it passed so far and the one it passes now. Any other error stays as it is. */
export function passing(error: unknown, reword: (message: string) => string, frame?: CallFrame): unknown {
  if (!(error instanceof ServiceFault)) return error;
  return new FaultInCall(error, reword(error.message), [...framesOf(error), ...(frame ? [frame] : [])]);
}

/** What the failure of a service says, with the service named once. */
export const failed = (service: string, message: string): string =>
  message.startsWith('call to service') ? message : `call to service '${service}' failed: ${message}`;
