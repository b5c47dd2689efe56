// A complete upload dispatched to several people, and requests with every header as a test writes it.

import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Instrument, makePlatform, makeShareable, Sender } from './instrument.js';
import { linkIn } from './mailbox.js';
import type { Program } from './program.js';

export interface Dispatched {
  id: string;
  /** Of the link, and of the address that stops reminders. */
  token: string;
  unsubscribe: string;
}

export interface DispatchedUpload {
  platformId: string;
  uploadId: string;
  deliveries: Record<string, Dispatched>;
}

/** Files, two small ones unless said, uploaded and dispatched to each of `names` at example.org. */
export async function dispatchTo(
  program: Program,
  names: readonly string[],
  platform: Record<string, unknown> = {},
  files: Record<string, string> = { 'a.txt': 'a', 'b.txt': 'bb' },
): Promise<DispatchedUpload> {
  const platformId = await makePlatform(program, platform);
  const shareable = await makeShareable(program, platformId, { notify: ['ops@example.org'] });
  const instrument = new Instrument(program.endpoints.server, shareable.token);
  const upload = await instrument.start({ recipients: names.map((name) => `${name}@example.org`) });
  const sender = new Sender(upload.mediaflux);
  for (const [path, text] of Object.entries(files)) await sender.send(path, text);
  await instrument.putManifest(upload.id, sender.manifest);
  await sender.close();
  const verdict = await instrument.complete(upload.id);
  if (verdict.state !== 'complete') throw new Error(`The upload is ${verdict.state}.`);
  const deliveries: Record<string, Dispatched> = {};
  const tokens = new Map<string, string>();
  for (const name of names) {
    const link = linkIn(await program.mailbox.next(`${name}@example.org`, new RegExp(upload.folder)));
    tokens.set(`${name}@example.org`, link.slice(link.lastIndexOf('/') + 1));
  }
  const { deliveries: made } = await program.admin.expect<{ deliveries: { id: string; recipient: string }[] }>(
    200,
    'GET',
    `/api/v1/admin/uploads/${upload.id}`,
  );
  const key = Buffer.from(program.secretKey, 'base64');
  for (const { id, recipient } of made) {
    const unsubscribe = createHmac('sha256', key).update(`unsubscribe:${id}:0`).digest('base64url');
    deliveries[recipient.split('@')[0] ?? ''] = { id, token: tokens.get(recipient) ?? '', unsubscribe };
  }
  return { platformId, uploadId: upload.id, deliveries };
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const agent = new Agent({ keepAlive: false, maxSockets: 250 });

/** Sends just these headers, and no other than HTTP needs. */
export function send(
  server: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(`${server}${path}`, { method, agent, headers: { ...length, ...headers } }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (part: string) => (text += part));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: text }));
      reply.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
