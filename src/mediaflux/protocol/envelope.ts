// Requests and replies (reference 1.2 to 1.5).

import { childNamed, xml, type XmlElement, writeXml } from './element.js';
import { MediafluxError } from './errors.js';
import { errorOfReply } from './reply-errors.js';
import { readXmlBytes } from './xml-reader.js';

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

const SHORT_BYTES = 1_024;
const FLAT = '((?:<[a-z-]+>[\\w .:-]*</[a-z-]+>){0,8})';
const SHORT_RESULT = new RegExp(
  `^<\\?xml version="1\\.0" encoding="UTF-8" ?\\?>\\n?<response><reply type="result"><result>(?:${FLAT}|` +
    `<uuid>(\\d+)</uuid><reply service="([a-z.]+)"><response>${FLAT}</response></reply>)</result></reply></response>\\n?$`,
);

/**
 * The `result` of a whole reply. The short ones that writing answers with, `<id>7</id>` or nothing, alone or from inside
 * one `service.execute`, come by the ten thousand and are recognised by their form as it is recorded (reference 1.3, 1.4);
 * all others go through the reader.
 * @throws MediafluxError as `resultOf`
 */
export function resultOfBytes(body: Buffer, service: string): XmlElement {
  if (body.length <= SHORT_BYTES) {
    const [, direct, uuid = '', inner = '', executed] = SHORT_RESULT.exec(body.toString('latin1')) ?? [];
    const children = flatChildren(executed ?? direct);
    if (children && executed === undefined) return xml('result', children);
    if (children)
      return xml('result', [xml('uuid', uuid), xml('reply', [xml('response', children)], { service: inner })]);
  }
  return resultOf(readXmlBytes(body), service);
}

/** Undefined: there are none that can be told in this short way. */
function flatChildren(text: string | undefined): XmlElement[] | undefined {
  if (text === undefined) return undefined;
  const children: XmlElement[] = [];
  for (const [, name = '', value = '', end = ''] of text.matchAll(/<([a-z-]+)>([^<]*)<\/([a-z-]+)>/g)) {
    if (name !== end) return undefined;
    children.push(xml(name, value));
  }
  return children;
}
