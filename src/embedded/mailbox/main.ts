// The local mailbox: catches every mail over SMTP and shows them on a page and as JSON. A program of its own.
// Arguments: port of the page (0 is any free one), folder. Prints one line of JSON with its addresses when it is ready.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { listPage, mailPage } from './pages.js';
import { type CaughtMail, MailStore } from './store.js';

const LARGEST_MAIL_BYTES = 32 * 1024 * 1024;
const SHOWN = 200;

async function main(): Promise<void> {
  const [port = '0', folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Give a port and a folder.');
  const store = new MailStore(folder);
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: LARGEST_MAIL_BYTES,
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        try {
          store.add(Buffer.concat(parts), new Date());
          done();
        } catch (error) {
          done(error as Error);
        }
      });
    },
  });
  smtp.on('error', (error) => process.stderr.write(`${error.message}\n`));
  const page = createServer((request, response) => {
    answer(store, request, response).catch((error: Error) => send(response, 500, 'text/plain', error.message));
  });
  await listening(page, Number(port));
  await listening(smtp.server, 0);
  const stop = () => {
    page.closeAllConnections();
    page.close();
    smtp.close(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdin.on('end', stop).on('close', stop).resume();
  const at = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({ smtp: `smtp://${at(smtp.server)}`, page: `http://${at(page)}` })}\n`);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function answer(store: MailStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://mailbox');
  const [, area = '', second = '', third = '', fourth = ''] = address.pathname.split('/');
  if (request.method === 'DELETE' && address.pathname === '/api/mails') {
    store.clear();
    return send(response, 204, 'text/plain', '');
  }
  if (area === '') return send(response, 200, 'text/html', listPage(await mails(store, address, SHOWN)));
  if (area === 'mails') {
    const mail = await store.read(second);
    if (mail) return send(response, 200, 'text/html', mailPage(mail));
  }
  if (address.pathname === '/api/mails')
    return json(response, { items: (await mails(store, address, Infinity)).reverse() });
  if (area === 'api' && second === 'mails' && third !== '') {
    const raw = store.raw(third);
    if (raw && fourth === 'raw') return send(response, 200, 'message/rfc822', raw);
    const mail = await store.read(third);
    if (mail && fourth === '') return json(response, mail);
  }
  send(response, 404, 'text/plain', 'There is no such mail.');
}

/** Newest first; `?to=` and `?since=` (an id or a time) narrow. */
async function mails(store: MailStore, address: URL, limit: number): Promise<CaughtMail[]> {
  const to = address.searchParams.get('to')?.toLowerCase();
  const since = address.searchParams.get('since');
  const found: CaughtMail[] = [];
  for (const id of store.ids().reverse()) {
    if (found.length >= limit || (since !== null && id <= since.replace(/[-:.]/g, ''))) break;
    const mail = await store.read(id);
    if (mail && (to === undefined || mail.to.some((one) => one.toLowerCase() === to))) found.push(mail);
  }
  return found;
}

const json = (response: ServerResponse, body: unknown): void =>
  send(response, 200, 'application/json', JSON.stringify(body));

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': type.startsWith('text/') || type.endsWith('json') ? `${type}; charset=utf-8` : type,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; img-src data:",
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}

main().catch((error: NodeJS.ErrnoException) => {
  process.stderr.write(
    error.code === 'EADDRINUSE'
      ? 'The mailbox port is taken; set MAILBOX_PORT to another one.\n'
      : `${error.message}\n`,
  );
  process.exit(1);
});
