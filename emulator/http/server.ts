// The HTTP face: service calls, contents, tokenised links (reference 1.1, 5.1).

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isTokenAlive } from '../access/actors.js';
import type { Session } from '../access/sessions.js';
import { archiveOf } from '../archive/archive-service.js';
import { dateText } from '../dates.js';
import { ServiceFault, SessionInvalid } from '../faults.js';
import { readableAsset } from '../services/asset-services.js';
import { runService, sessionOf } from '../services/dispatch.js';
import { accessIn, type Call, type World } from '../services/service.js';
import { logon, sessionForToken, sha256 } from '../services/session-services.js';
import type { StoredContent } from '../store/contents.js';
import { child, el, type Element, parseXml, XmlFault } from '../xml/element.js';
import { boundaryOf, MultipartFault, readMultipart } from './multipart.js';
import { errorDocument, resultDocument } from './replies.js';

export function createEmulatorServer(world: World): Server {
  const server = createServer(
    { keepAliveTimeout: 65_000, highWaterMark: 1024 * 1024, noDelay: true },
    (request, response) => {
      answer(world, request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else if (error instanceof MultipartFault) plain(response, 400, error.message);
        else if (!request.destroyed || request.complete) {
          process.stderr.write(
            `The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
          );
          plain(response, 500, 'The emulator failed; its standard error says how.');
        }
      });
    },
  );
  server.requestTimeout = 0;
  return server;
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://emulator');
  const path = address.pathname.replace(/(.)\/$/, '$1');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/__mflux_svc__' && request.method === 'POST') return serviceCall(world, request, response);
  if (path === '/aterm' && isRead) return plain(response, 200, 'Mediaflux emulator');
  if (path === '/mflux/content.mfjp' && isRead) return content(world, address, request, response);
  if (path === '/mflux/output.mfjp' && isRead) return output(world, address, response);
  if (path === '/mflux/execute.mfjp') return boundCall(world, address, request, response);
  plain(response, 404, 'There is nothing at this address.');
}

function plain(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length });
  response.end(body);
}

const LONGEST_BODY = 16 * 1024 * 1024;

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > LONGEST_BODY) throw new MultipartFault('The request is too large.');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function serviceCall(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data/i.test(type) ? boundaryOf(type) : undefined;
  const received = boundary
    ? await readMultipart(request, boundary, world.contents)
    : { xml: await readAll(request), inputs: [] };
  const document = await callDocument(world, received.xml, received.inputs, request.headers.host ?? '');
  // What no service took belongs to nothing.
  for (const input of received.inputs) await world.contents.remove(input.file);
  const body = Buffer.from(document, 'utf8');
  response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length });
  response.end(body);
}

async function callDocument(world: World, xml: string, inputs: StoredContent[], host: string): Promise<string> {
  const context = {
    service: '?',
    actor: '?',
    sessionId: undefined as number | undefined,
    at: dateText(world.now()),
    host,
  };
  try {
    const service = child(parseXml(xml), 'service');
    if (!service) throw new XmlFault('The request holds no service.');
    const name = service.attributes['name'] ?? '';
    const args = child(service, 'args') ?? el('args');
    context.service = name;
    if (name === 'system.logon') return resultDocument(logonAnswer(world, args));
    const session = sessionOf(world, service);
    context.actor = session.actor.name;
    context.sessionId = session.id;
    const { result } = await runService(world, name, args, session, inputs);
    if (service.attributes['token'] !== undefined) world.sessions.close(session);
    return resultDocument(result);
  } catch (error) {
    return errorDocument(error, context);
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

function sessionOfAddress(world: World, address: URL): Session {
  const token = address.searchParams.get('_token');
  if (token !== null) return sessionForToken(world, token, address.searchParams.get('_tokenapp') ?? undefined);
  return world.sessions.find(address.searchParams.get('_skey') ?? undefined);
}

const callOf = (world: World, session: Session, args: Element): Call => ({
  world,
  service: args.name,
  args,
  session,
  actor: session.actor,
  inputs: [],
  outputs: [],
});

async function content(world: World, address: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const call = callOf(world, sessionOfAddress(world, address), el('args'));
    const asset = readableAsset(call, address.searchParams.get('id') ?? '');
    if (!accessIn(call, asset.namespace)('asset-content:access'))
      return plain(response, 403, 'This content may not be read with this session.');
    const stored = asset.content;
    if (!stored) return plain(response, 404, 'The asset has no content.');
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = range ? Number(range[1]) : 0;
    const end = range?.[2] ? Math.min(Number(range[2]), stored.size - 1) : stored.size - 1;
    if (range && start >= stored.size) return plain(response, 416, 'The range lies beyond the content.');
    response.writeHead(range ? 206 : 200, {
      'content-type': stored.type === 'content/unknown' ? 'application/octet-stream' : stored.type,
      'content-length': end - start + 1,
      ...(range ? { 'content-range': `bytes ${start}-${end}/${stored.size}` } : {}),
    });
    if (request.method === 'HEAD' || stored.size === 0) response.end();
    else await pipeline(world.contents.read(stored.file, start, end), response);
  } catch (error) {
    refuse(error, response);
  }
}

async function output(world: World, address: URL, response: ServerResponse): Promise<void> {
  try {
    const kept = sessionOfAddress(world, address).outputs.get(address.searchParams.get('id') ?? '');
    if (!kept) return plain(response, 404, 'The session has no such output.');
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': kept.size });
    await pipeline(world.contents.read(kept.file), response);
  } catch (error) {
    refuse(error, response);
  }
}

/** A token that is bound to one call runs it. A HEAD uses none of its uses up. Ends by closing: no length is known. */
async function boundCall(
  world: World,
  address: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = world.state.tokenOf(sha256(address.searchParams.get('token') ?? ''));
  if (!token?.service || !isTokenAlive(token, world.now()))
    return plain(response, 401, 'This link is not valid or has been used up.');
  const service = token.service.attributes['name'] ?? '';
  if (service !== 'asset.archive.create') return plain(response, 400, `A link cannot run '${service}' here.`);
  const filename = address.searchParams.get('filename') ?? 'archive.zip';
  const ascii = filename.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const head = {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, escapeByte)}`,
    connection: 'close',
  };
  if (request.method === 'HEAD') {
    response.writeHead(200, head).end();
    return;
  }
  request.resume();
  if (token.usesLeft !== undefined)
    world.state.commit(['token', String(token.id), { ...token, usesLeft: token.usesLeft - 1 }]);
  const session = world.sessions.open(
    { type: 'identity', name: String(token.identity), id: token.identity, owner: token.owner, tokenId: token.id },
    undefined,
  );
  try {
    const archive = archiveOf(callOf(world, session, token.service));
    response.shouldKeepAlive = false;
    response.writeHead(200, head);
    await pipeline(Readable.from(archive, { objectMode: false, highWaterMark: 1024 * 1024 }), response);
  } finally {
    world.sessions.close(session);
  }
}

const escapeByte = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

function refuse(error: unknown, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof SessionInvalid) plain(response, 401, error.message);
  else if (error instanceof ServiceFault)
    plain(response, /does not exist/.test(error.message) ? 404 : 403, error.message);
  else throw error;
}
