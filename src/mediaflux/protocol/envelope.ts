// Requests and replies (reference 1.2 to 1.5).

import { childNamed, xml, type XmlElement, writeXml } from './element.js';
import { MediafluxError } from './errors.js';
import { errorOfReply } from './reply-errors.js';

export interface ServiceCall {
  service: string;
  args: readonly XmlElement[];
}

/**
 * `session` stands last among the attributes: one client's retry relies on it, and it costs nothing.
 * @param outputs how many contents the reply is to bring, in the packet form
 */
export function requestDocument(call: ServiceCall, session: string | undefined, outputs?: number): string {
  const service = xml('service', [xml('args', call.args)], {
    name: call.service,
    'data-out-min': outputs,
    'data-out-max': outputs,
    session,
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml(xml('request', [service]))}`;
}

/**
 * Several calls in one, in order: arguments stand directly in the inner `service` (reference 1.3).
 * @param inputTicket an IO job whose content the first call that takes one is to use (reference 4)
 */
export function executeCall(calls: readonly ServiceCall[], inputTicket?: string): ServiceCall {
  return {
    service: 'service.execute',
    args: [
      ...calls.map((call) => xml('service', call.args, { name: call.service })),
      ...(inputTicket === undefined ? [] : [xml('input-ticket', inputTicket)]),
    ],
  };
}

/** The `response` of each inner call of a `service.execute`, in order. */
export function executedResponses(result: XmlElement): XmlElement[] {
  return result.children
    .filter((child) => child.name === 'reply')
    .map((reply) => childNamed(reply, 'response') ?? xml('response'));
}

/** The `result` of a reply. @throws MediafluxError the error that it tells, or malformed-reply */
export function resultOf(document: XmlElement, service: string): XmlElement {
  const reply = document.name === 'response' ? childNamed(document, 'reply') : undefined;
  if (reply?.attributes['type'] === 'error') throw errorOfReply(reply, service);
  if (reply?.attributes['type'] !== 'result') {
    throw new MediafluxError('malformed-reply', 'The answer of Mediaflux is neither a result nor an error.', {
      service,
    });
  }
  return childNamed(reply, 'result') ?? xml('result');
}
