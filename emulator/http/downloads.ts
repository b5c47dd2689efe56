// Contents by address: of an asset, of an output that a session keeps, and of a token that is bound to a call
// (reference 5.1).

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isTokenAlive } from '../access/actors.js';
import type { Session } from '../access/sessions.js';
import { ServiceFault, SessionInvalid } from '../faults.js';
import { readableAsset, versionOf } from '../services/asset-access.js';
import { runService } from '../services/dispatch.js';
import { accessIn, type Call, type World } from '../services/service.js';
import { sessionForToken, sha256 } from '../services/session-services.js';
import { attributeOf, child, el, type Element } from '../xml/element.js';
import { plain } from './plain.js';
import { resultDocument } from './replies.js';

/** A token opens a session for this one request. */
async function withSession(world: World, address: URL, work: (session: Session) => Promise<void>): Promise<void> {
  const token = address.searchParams.get('_token');
  if (token === null) return work(world.sessions.findUsable(address.searchParams.get('_skey') ?? undefined));
  const session = sessionForToken(world, token, address.searchParams.get('_tokenapp') ?? undefined);
  try {
    await work(session);
  } finally {
    world.sessions.close(session);
  }
}

const callOf = (world: World, session: Session, args: Element): Call => ({
  world,
  service: args.name,
  args,
  session,
  actor: session.actor,
  inputs: [],
  outputs: [],
  run: async (service, given) => (await runService(world, service, given, session, [])).result,
});

/** `GET /mflux/content.mfjp`: a range may be asked for, so that a broken download can go on. */
export async function content(
  world: World,
  address: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await withSession(world, address, async (session) => {
      const call = callOf(world, session, el('args'));
      const asset = versionOf(
        call,
        readableAsset(call, address.searchParams.get('id') ?? ''),
        address.searchParams.get('version') ?? undefined,
      );
      if (!accessIn(call, asset.namespace)('asset-content:access'))
        return plain(response, 403, 'This content may not be read with this session.');
      const stored = asset.content;
      if (!stored) return plain(response, 404, 'The asset has no content.');
      const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
      const start = range ? Number(range[1]) : 0;
      const end = range?.[2] ? Math.min(Number(range[2]), stored.size - 1) : stored.size - 1;
      if (range && start >= stored.size) return plain(response, 416, 'The range lies beyond the content.');
      const filename = address.searchParams.get('filename') ?? asset.name ?? undefined;
      response.writeHead(range ? 206 : 200, {
        'content-type': stored.type === 'content/unknown' ? 'application/octet-stream' : stored.type,
        'content-length': end - start + 1,
        ...(range ? { 'content-range': `bytes ${start}-${end}/${stored.size}` } : {}),
        ...(address.searchParams.get('disposition') === 'attachment' && filename !== undefined
          ? { 'content-disposition': disposition(filename) }
          : {}),
      });
      const whole = range ? undefined : world.contents.readSmall(stored.file, stored.size);
      if (request.method === 'HEAD' || stored.size === 0) response.end();
      else if (whole) response.end(whole);
      else await pipeline(world.contents.read(stored.file, start, end), response);
    });
  } catch (error) {
    refuse(error, response);
  }
}

/** `GET /mflux/output.mfjp`. */
export async function output(world: World, address: URL, response: ServerResponse): Promise<void> {
  try {
    await withSession(world, address, async (session) => {
      const kept = session.outputs.get(address.searchParams.get('id') ?? '');
      if (!kept) return plain(response, 404, 'The session has no such output.');
      if (kept.mayBeRead?.() === false) return plain(response, 403, 'This output may not be read any more.');
      response.writeHead(200, {
        'content-type': kept.type === 'content/unknown' ? 'application/octet-stream' : kept.type,
        'content-length': kept.size ?? 0,
      });
      if (kept.size === 0) response.end();
      else await pipeline(kept.open(), response);
    });
  } catch (error) {
    refuse(error, response);
  }
}

/**
 * `GET /mflux/execute.mfjp`: runs the call that a token is bound to and sends its output, or its reply where it has
 * none. A HEAD uses none of the token's uses up. An archive, whose length nobody knows, ends by closing.
 */
export async function boundCall(
  world: World,
  address: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = world.state.tokenOf(sha256(address.searchParams.get('token') ?? ''));
  if (!token?.service || !isTokenAlive(token, world.now()))
    return plain(response, 401, 'This link is not valid or has been used up.');
  const filename = address.searchParams.get('filename');
  if (request.method === 'HEAD') {
    const head = { 'content-type': 'application/octet-stream', connection: 'close' };
    response.writeHead(200, filename === null ? head : { ...head, 'content-disposition': disposition(filename) }).end();
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
    const args = child(token.service, 'args') ?? token.service;
    const answer = await runService(world, attributeOf(token.service, 'name') ?? '', args, session, []);
    const [made] = answer.outputs;
    if (!made) {
      const body = Buffer.from(resultDocument(answer.result), 'utf8');
      response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length }).end(body);
      return;
    }
    response.shouldKeepAlive = false;
    // Without a length it ends by closing and not in chunks, which one client does not read (reference 1.6, 13.9).
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, {
      'content-type': made.type,
      'content-disposition': disposition(filename ?? made.name ?? 'output'),
      ...(made.size === undefined ? {} : { 'content-length': made.size }),
      connection: 'close',
    });
    await pipeline(made.open(), response);
  } catch (error) {
    refuse(error, response);
  } finally {
    world.sessions.close(session);
  }
}

function disposition(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, escapeByte)}`;
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
