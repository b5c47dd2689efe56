// A Mediaflux client of the tests' own: writes requests as text and reads replies with patterns, so that it shares no
// reading of the protocol with the product or the emulator.

import { connect } from 'node:net';

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n';
export const EMPTY_SUCCESS = `${DECLARATION}<response><reply type="result"><result></result></reply></response>`;

export class RawClient {
  private key = '';

  constructor(
    readonly url: string,
    private readonly account: { domain: string; user: string; password: string } | { token: string },
  ) {}

  async logon(): Promise<string> {
    const args = Object.entries(this.account)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('');
    const reply = await this.post(`<request><service name="system.logon"><args>${args}</args></service></request>`);
    this.key = />([^<]+)<\/session>/.exec(reply)?.[1] ?? '';
    if (this.key === '') throw new Error(reply);
    return this.key;
  }

  get session(): string {
    return this.key;
  }

  async post(body: string | Buffer, headers: Record<string, string> = { 'content-type': 'text/xml' }): Promise<string> {
    const sent = typeof body === 'string' ? body : new Uint8Array(body);
    const reply = await fetch(`${this.url}/__mflux_svc__/`, { method: 'POST', body: sent, headers });
    if (reply.status !== 200) throw new Error(`HTTP status ${reply.status}`);
    return reply.text();
  }

  /** A direct call; answers the whole reply. */
  call(service: string, args = ''): Promise<string> {
    return this.post(
      `<request><service name="${service}" session="${this.key}"><args>${args}</args></service></request>`,
    );
  }

  /** A call inside `service.execute`, as most clients make it; `more` stands beside the inner service. */
  execute(service: string, args = '', more = '', attributes = ''): Promise<string> {
    return this.call('service.execute', `<service name="${service}"${attributes}>${args}</service>${more}`);
  }

  /** A form with contents. */
  upload(document: string, ...contents: (string | Buffer)[]): Promise<string> {
    const boundary = 'B0undB0undB0undB0undB0undB0und';
    const part = (head: string, body: string | Buffer) =>
      Buffer.concat([Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n')]);
    const body = Buffer.concat([
      part('Content-Disposition: form-data; name="request"', document),
      part('Content-Disposition: form-data; name="nb-data-attachments"', String(contents.length)),
      ...contents.map((content) =>
        part(
          'Content-Disposition: form-data; name="filename"; filename="a.bin"\r\nContent-Type: application/octet-stream',
          content,
        ),
      ),
      Buffer.from(`--${boundary}--\r\n`),
    ]);
    return this.post(body, { 'content-type': `multipart/form-data; boundary=${boundary}` });
  }

  request(service: string, args = ''): string {
    return `<request><service name="${service}" session="${this.key}"><args>${args}</args></service></request>`;
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`);
  }
}

/** All texts of an element of that name, in document order. */
export const texts = (document: string, name: string): string[] =>
  [...document.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(([, text]) => text ?? '');

export const textIn = (document: string, name: string): string => texts(document, name)[0] ?? '';

/** Sends bytes over a socket of its own and answers what comes back until the length that the head promises is there. */
export function exchange(url: string, request: Buffer): Promise<{ head: string; body: Buffer }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (part) => {
      received = Buffer.concat([received, part]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.subarray(0, end).toString('latin1');
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? Number.NaN);
      if (Number.isNaN(length)) reject(new Error(`The reply has no length: ${head}`));
      else if (received.length >= end + 4 + length) {
        socket.destroy();
        resolve({ head, body: received.subarray(end + 4, end + 4 + length) });
      }
    });
  });
}
