// `POST /__mflux_svc__`: a service call as XML, as a form with contents, or in packets; the reply comes in the form of
// the request, with its length ahead (reference 1 and 4).

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Interrupted } from '../control/faults.js';
import { ServiceFault, storeFull, SessionInvalid } from '../faults.js';
import { type CallFrame, framesOf } from '../services/call-frames.js';
import { runService } from '../services/dispatch.js';
import { spooled } from '../services/kept-outputs.js';
import { admittedSession, sessionOf } from '../services/request-session.js';
import type { Output, Whole } from '../services/output.js';
import type { World } from '../services/service.js';
import type { StoredContent } from '../store/byte-sink.js';
import { logon } from '../services/session-services.js';
import { attributeOf, child, childrenOf, el, type Element, textOf, XmlFault } from '../xml/element.js';
import { type Caller, contextLines } from './error-context.js';
import { BodyFault, LONGEST_REQUEST, Receiver, type ReceivedRequest } from './inputs.js';
import { removeUnused, UNKEPT, UNWANTED } from '../services/unused-inputs.js';
import { boundaryOf, readMultipart } from './multipart.js';
import { PACKET_TYPE, packetHead, readPackets } from './packets.js';
import { errorDocument, resultDocument } from './replies.js';

/** Told of each call before it is run; may refuse it. Answers whether it was judged before it was observed. */
export type CallObserver = (service: string, args: Element) => Promise<boolean>;

/** What a call needs of the connection that it came on. */
export interface Connection {
  caller(): Caller;
  /** Called when the body ended elsewhere than its head said. */
  expectRest(): void;
}

export async function serviceCall(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
  observe: CallObserver,
): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  const isPackets = type.toLowerCase().startsWith(PACKET_TYPE);
  const receiver = new Receiver(world);
  let received: ReceivedRequest;
  try {
    const boundary = /^multipart\/form-data/i.test(type) ? boundaryOf(type) : undefined;
    if (boundary !== undefined) {
      if (!(await readMultipart(request, boundary, receiver))) connection.expectRest();
    } else if (isPackets) await readPackets(request, receiver);
    else receiver.takeDocument(await readAll(request));
    received = receiver.request();
  } catch (error) {
    if (error instanceof BodyFault) connection.expectRest();
    await receiver.discard();
    throw error;
  }
  let answer: AnswerDocument;
  try {
    answer = await answerTo(world, received, connection.caller(), observe);
  } catch (error) {
    if (error instanceof Interrupted) return;
    throw error;
  } finally {
    await removeUnused(world, received.inputs);
  }
  if (isPackets) await sendPackets(world, response, answer);
  else sendDocument(response, answer.document);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > LONGEST_REQUEST) throw new BodyFault('The request is too large.');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

interface AnswerDocument {
  document: string;
  outputs: Output[];
}

async function answerTo(
  world: World,
  { document, inputs }: ReceivedRequest,
  caller: Caller,
  observe: CallObserver,
): Promise<AnswerDocument> {
  let called: CallFrame | undefined;
  try {
    const service = child(document(), 'service');
    if (!service) throw new XmlFault('The request holds no service.');
    const name = attributeOf(service, 'name') ?? '';
    const args = child(service, 'args') ?? el('args');
    called = { service: name, args, startedAt: world.now() };
    const admitted = admittedSession(world, service);
    const wasJudged = await observe(name, args);
    if (name === 'system.logon') return { document: resultDocument(logonAnswer(world, args)), outputs: [] };
    const { session, isForThisCall } =
      wasJudged && admitted ? { session: admitted, isForThisCall: false } : sessionOf(world, service);
    called = { ...called, actor: session.actor.name, sessionId: session.id };
    mustBeWhole(service, inputs);
    try {
      const answer = await runService(world, name, args, session, inputs);
      return { document: resultDocument(answer.result), outputs: answer.outputs.slice(0, wantedOutputs(service)) };
    } finally {
      if (isForThisCall) world.sessions.close(session);
    }
  } catch (error) {
    return { document: errorDocument(error, contextOf(error, called, caller, world.now())), outputs: [] };
  }
}

/** A fault before any service ran is that of the service called. */
function contextOf(error: unknown, called: CallFrame | undefined, caller: Caller, now: number): string | undefined {
  if (called?.service === 'system.logon') return undefined;
  const passed = framesOf(error);
  return contextLines(passed.length > 0 || !called ? passed : [called], caller, now);
}

/** A service may give fewer, as for an asset without content: the caller sees how many packets came. */
const wantedOutputs = (service: Element): number =>
  Math.max(...['data-out-min', 'data-out-max'].map((name) => Number(attributeOf(service, name) ?? 0)));

/**
 * `attachment/csum` tells the CRC-32 of each input, in decimal (reference 1.2).
 *
 * @throws ServiceFault another content arrived, or one that the full store did not take
 */
function mustBeWhole(service: Element, inputs: readonly StoredContent[]): void {
  const failed = `call to service '${attributeOf(service, 'name') ?? ''}' failed`;
  if (inputs.some(({ file }) => file === UNWANTED)) throw new SessionInvalid();
  if (inputs.some(({ file }) => file === UNKEPT))
    throw storeFull(`${failed}: There is not enough space left in the store`);
  for (const [index, attachment] of childrenOf(service, 'attachment').entries()) {
    const told = textOf(attachment, 'csum') ?? '';
    const input = inputs[index];
    if (input && told !== '' && Number(told) !== input.crc)
      throw new ServiceFault(`${failed}: The checksum of input ${index + 1} is ${input.crc} instead of ${told}`);
  }
}

function logonAnswer(world: World, args: Element): Element[] {
  try {
    return logon(world, args);
  } catch (error) {
    if (error instanceof ServiceFault)
      throw new ServiceFault(`call to service 'system.logon' failed: ${error.message}`, error.cause_);
    throw error;
  }
}

function sendDocument(response: ServerResponse, document: string): void {
  response.writeHead(200, {
    'content-type': 'text/xml; charset=utf-8',
    'content-length': Buffer.byteLength(document, 'utf8'),
  });
  // As text it leaves with the head in one write.
  response.end(document, 'utf8');
}

type SizedOutput = Output & { size: number; atOnce: Whole | undefined };

/** The length stands ahead of it all, since one client reads the socket itself; so an output of unknown length is made first. */
async function sendPackets(world: World, response: ServerResponse, answer: AnswerDocument): Promise<void> {
  const outputs: SizedOutput[] = [];
  try {
    for (const output of answer.outputs) {
      const whole = output.size === undefined ? output.whole?.() : undefined;
      const made = output.size === undefined && !whole ? await spooled(world, output) : output;
      outputs.push({ ...made, size: whole?.bytes ?? made.size ?? 0, atOnce: whole });
    }
    const document = Buffer.from(answer.document, 'utf8');
    const heads = outputs.map((output, index) => packetHead(output.type, output.size, outputs.length - 1 - index));
    const first = packetHead('text/xml', document.length, outputs.length);
    const length =
      first.length +
      document.length +
      heads.reduce((sum, head) => sum + head.length, 0) +
      outputs.reduce((sum, output) => sum + output.size, 0);
    response.writeHead(200, { 'content-type': PACKET_TYPE, 'content-length': length });
    response.write(first);
    response.write(document);
    for (const [index, output] of outputs.entries()) {
      response.write(heads[index]);
      if (output.atOnce) await sendWhole(output.atOnce, response);
      else if (output.size > 0) await pipeline(output.open(), response, { end: false });
    }
    response.end();
  } finally {
    for (const output of outputs)
      if (output.temporaryFile !== undefined) await world.contents.remove(output.temporaryFile);
  }
}

/** Memory that was sent from: fresh memory for each answer keeps the collector of garbage busy. */
const free: Buffer[] = [];

async function sendWhole(whole: Whole, response: ServerResponse): Promise<void> {
  const { bytes } = whole;
  const found = free.findIndex(({ length }) => length >= bytes);
  const memory = free.splice(found, found < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(Math.max(bytes, LEAST_MEMORY));
  whole.fill(memory.subarray(0, bytes));
  await new Promise<void>((resolve, reject) => {
    response.write(memory.subarray(0, bytes), (error) => (error ? reject(error) : resolve()));
  });
  // Of a connection that broke it is not certain that nothing is sent any more.
  if (free.length < MOST_FREE) free.push(memory);
}

const LEAST_MEMORY = 4 * 1024 * 1024;
const MOST_FREE = 8;
