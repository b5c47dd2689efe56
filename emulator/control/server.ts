// The control port: JSON over HTTP on loopback, off unless asked for. It injects faults, changes what the protocol has no
// attested service for, and shows the calls received.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { normalPath } from '../store/paths.js';
import { forgetIoJobs } from '../services/io-services.js';
import type { World } from '../services/service.js';
import { userChange } from '../users.js';
import type { Faults } from './faults.js';

const fault = z.strictObject({
  service: z.string().optional(),
  saying: z.string().optional(),
  path: z.string().optional(),
  after: z.int().min(0).optional(),
  times: z.int().min(1).optional(),
  action: z.union([
    z.strictObject({ delayMs: z.int().min(0) }),
    z.strictObject({ hold: z.literal(true) }),
    z.strictObject({ holdAdmitted: z.literal(true) }),
    z.strictObject({ refuse: z.literal(true) }),
    z.strictObject({ status: z.int().min(400).max(599) }),
    z.strictObject({ cutAfterBytes: z.int().min(0) }),
    z.strictObject({ error: z.string(), errorClass: z.string().optional() }),
  ]),
});
const flip = z.strictObject({ asset: z.string(), offset: z.int().min(0) });
const store = z.strictObject({ full: z.boolean().optional(), checksums: z.boolean().optional() });
const user = z.strictObject({
  domain: z.string().min(1),
  user: z.string().min(1),
  password: z.string(),
  roles: z.array(z.string()).default(['user']),
});

type Route = (body: unknown) => unknown;

function routes(world: World, faults: Faults): Record<string, Route> {
  return {
    'POST /faults': (body) => {
      const given = fault.parse(body);
      faults.set({
        action: given.action,
        ...(given.service === undefined ? {} : { service: given.service }),
        ...(given.saying === undefined ? {} : { saying: given.saying }),
        ...(given.path === undefined ? {} : { path: given.path }),
        ...(given.after === undefined ? {} : { after: given.after }),
        ...(given.times === undefined ? {} : { times: given.times }),
      });
      return {};
    },
    'DELETE /faults': () => {
      faults.clear();
      return {};
    },
    'POST /expire-sessions': () => ({ expired: world.sessions.expireAll() }),
    'POST /forget-io-jobs': () => ({ forgotten: forgetIoJobs(world) }),
    'POST /flip-byte': async (body) => {
      const { asset, offset } = flip.parse(body);
      const found = /^\d+$/.test(asset) ? world.state.get('asset', asset) : world.state.assetAt(normalPath(asset));
      if (!found?.content) throw new Refused(404, 'There is no asset with content there.');
      if (offset >= found.content.size) throw new Refused(400, 'The content is shorter than that.');
      await world.contents.flipByte(found.content.file, offset);
      return {};
    },
    'POST /store': (body) => {
      const { full, checksums } = store.parse(body);
      world.contents.isFull = full ?? world.contents.isFull;
      world.state.tellsChecksums = checksums ?? world.state.tellsChecksums;
      return {};
    },
    'POST /users': (body) => {
      const given = user.parse(body);
      world.state.commit(...userChange(world.state, given.domain, given.user, given.password, given.roles));
      return {};
    },
    'GET /calls': () => ({ calls: faults.calls() }),
    'DELETE /calls': () => {
      faults.forgetCalls();
      return {};
    },
  };
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export function createControlServer(world: World, faults: Faults): Server {
  const table = routes(world, faults);
  return createServer((request, response) => {
    void handle(table, request, response);
  });
}

async function handle(table: Record<string, Route>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  };
  try {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const route = table[`${request.method ?? ''} ${request.url ?? ''}`];
    if (!route) return send(404, { error: `There is no such control; there are: ${Object.keys(table).join(', ')}.` });
    const text = Buffer.concat(parts).toString('utf8');
    send(200, await route(text === '' ? {} : JSON.parse(text)));
  } catch (error) {
    if (error instanceof Refused) send(error.status, { error: error.message });
    else if (error instanceof z.ZodError) send(400, { error: z.prettifyError(error) });
    else send(400, { error: error instanceof Error ? error.message : String(error) });
  }
}
