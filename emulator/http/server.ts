// The HTTP face: which address leads where (reference 1.1, 5.1).

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Faults } from '../control/faults.js';
import type { World } from '../services/service.js';
import { execute, share } from './bound-calls.js';
import { Connections } from './connections.js';
import { content, output } from './downloads.js';
import { BodyFault } from './inputs.js';
import { plain } from './plain.js';
import { serviceCall } from './service-call.js';

export interface TlsFiles {
  key: Buffer;
  cert: Buffer;
}

export function createEmulatorServer(world: World, faults: Faults, tls?: TlsFiles): Server {
  const options = { keepAliveTimeout: 65_000, highWaterMark: 1024 * 1024, noDelay: true };
  const connections = new Connections(() => world.now());
  const listener: RequestListener = (request, response) => {
    connections.begin(request, response);
    answer(world, faults, connections, request, response).catch((error: unknown) => failed(request, response, error));
  };
  const server = tls ? createSecureServer({ ...options, ...tls }, listener) : createServer(options, listener);
  connections.watch(server, tls !== undefined);
  server.requestTimeout = 0;
  return server;
}

function failed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Whoever asked has gone away.
  const isGone = (error as NodeJS.ErrnoException | null)?.code === 'ECONNRESET';
  if (response.headersSent || isGone) response.destroy();
  else if (error instanceof BodyFault) plain(response, 400, error.message);
  else if (!request.destroyed || request.complete) {
    process.stderr.write(
      `The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    plain(response, 500, 'The emulator failed; its standard error says how.');
  } else response.destroy();
}

async function answer(
  world: World,
  faults: Faults,
  connections: Connections,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // An absolute address and one of the origin are both in use.
  const target = request.url ?? '/';
  const whole = target.startsWith('/') ? `http://emulator${target}` : target;
  if (!URL.canParse(whole)) return plain(response, 400, 'The address of the request cannot be read.');
  const address = new URL(whole);
  const path = address.pathname.replace(/(.)\/$/, '$1');
  if (!(await faults.onRequest(request, response, path))) return;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/__mflux_svc__' && request.method === 'POST')
    return serviceCall(
      world,
      request,
      response,
      { caller: () => connections.callerOf(request, path), expectRest: () => connections.expectRest(request) },
      (service, args) => faults.onCall(response, service, args),
    );
  if (path === '/aterm' && isRead) return plain(response, 200, 'Mediaflux emulator');
  if (path === '/mflux/content.mfjp' && isRead) return content(world, address, request, response);
  if (path === '/mflux/output.mfjp' && isRead) return output(world, address, request, response);
  const isReadOrPosted = isRead || request.method === 'POST';
  if (path === '/mflux/execute.mfjp' && isReadOrPosted) return execute(world, address, request, response);
  if (path === '/mflux/share.mfjp' && isReadOrPosted) return share(world, address, request, response);
  plain(response, 404, 'There is nothing at this address.');
}
