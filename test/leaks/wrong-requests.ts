// Requests that are wrong, with secrets and addresses in everything that they hold.

import { connect } from 'node:net';
import { PEOPLE } from './conversation.js';
import type { Journey } from './journey.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
/** Nobody’s, and as long as real ones. */
const GUESS = 'guess-guess-guess-guess-guess-guess-guess-1';

export class WrongRequests {
  constructor(private readonly journey: Journey) {}

  /** Each with the status that it must have: a request that goes well shows nothing here. */
  async send(): Promise<void> {
    const { journey } = this;
    const { stage, uploadToken: key } = journey;
    const { token } = journey.of('anna');
    const { password } = stage.researcher;
    const admin = stage.adminKey;
    const start = (fields: object) =>
      bytes(JSON.stringify({ recipients: [PEOPLE.anna], youngestFileTime: '2020-08-18T08:20:37Z', ...fields }));
    const upload = `/api/v1/uploads/${journey.uploadId}`;
    const share = `/api/v1/shares/${token}`;
    const wrong: [
      who: string,
      method: string,
      path: string,
      status: number,
      body?: Uint8Array<ArrayBuffer>,
      headers?: Record<string, string>,
      key?: string,
    ][] = [
      ['operator', 'POST', '/api/v1/uploads', 400, bytes(`{"recipients": ["${PEOPLE.anna}"], "${key}`), JSON_TYPE, key],
      ['operator', 'POST', '/api/v1/uploads', 422, start({ [PEOPLE.bertrand]: key }), JSON_TYPE, key],
      [
        'operator',
        'POST',
        '/api/v1/uploads',
        422,
        start({ recipients: [PEOPLE.anna, `${PEOPLE.bertrand}>`] }),
        JSON_TYPE,
        key,
      ],
      ['operator', 'POST', '/api/v1/uploads', 422, start({ youngestFileTime: PEOPLE.anna }), JSON_TYPE, key],
      ['operator', 'POST', '/api/v1/uploads', 401, start({}), JSON_TYPE, `${key}x`],
      ['operator', 'POST', '/api/v1/uploads', 415, start({}), { 'content-type': 'text/plain' }, key],
      [
        'operator',
        'PUT',
        `${upload}/manifest`,
        409,
        bytes(`{"path": "${PEOPLE.anna}", "size": "${key}"}`),
        { 'content-type': 'application/x-ndjson' },
        key,
      ],
      [
        'operator',
        'POST',
        `${upload}/deliveries`,
        422,
        bytes(JSON.stringify({ recipient: `${PEOPLE.anna},${PEOPLE.bertrand}` })),
        JSON_TYPE,
        key,
      ],
      ['operator', 'GET', `/api/v1/uploads/${token}`, 404, undefined, {}, key],
      ['anybody', 'GET', `/api/v1/uploads?token=${key}`, 404],
      ['anybody', 'GET', `/api/v1/shareable?token=${key}`, 401],
      ['anna', 'GET', `/s/${token}/nothing/${PEOPLE.anna}`, 404, undefined, { accept: 'text/html' }],
      ['anna', 'GET', `/s/${token}/direct`, 405, undefined, { accept: 'text/html' }],
      ['anna', 'DELETE', `/s/${token}`, 404],
      ['anna', 'GET', `${share}/files?cursor=${token}`, 400],
      ['anna', 'POST', `${share}/copies`, 400, bytes(`{"password": "${password}`), JSON_TYPE],
      [
        'anna',
        'POST',
        `${share}/copies`,
        422,
        bytes(JSON.stringify({ ...stage.researcher, [password]: 1 })),
        JSON_TYPE,
      ],
      ['anna', 'POST', `${share}/copies`, 415, bytes(password), { 'content-type': 'text/plain' }],
      ['anna', 'POST', `${share}/copies`, 413, bytes(JSON.stringify({ password: password.repeat(50_000) })), JSON_TYPE],
      [
        'anna',
        'POST',
        `${share}/downloads/${token}/complete`,
        404,
        bytes('{"whole": true, "files": 1, "bytes": 1}'),
        JSON_TYPE,
      ],
      [
        'anna',
        'POST',
        `/s/${token}/copy`,
        422,
        bytes(`password=${encodeURIComponent(password)}`),
        { ...FORM_TYPE, accept: 'text/html' },
      ],
      [
        'anna',
        'POST',
        `/s/${token}/copy`,
        422,
        bytes(new URLSearchParams({ ...stage.researcher, destination: 'no path' }).toString()),
        { ...FORM_TYPE, accept: 'text/html' },
      ],
      ['anybody', 'GET', `/s/${GUESS}`, 404, undefined, { accept: 'text/html' }],
      ['anybody', 'GET', `/api/v1/shares/${GUESS}`, 404],
      ['anybody', 'GET', `/u/${token}`, 404, undefined, { accept: 'text/html' }],
      ['anybody', 'GET', `/%73/${token}%00`, 404],
      ['anybody', 'GET', `/nothing/${token}?_skey=${token}&to=${PEOPLE.anna}`, 404, undefined, { accept: 'text/html' }],
      [
        'administrator',
        'PATCH',
        '/api/v1/admin/persons',
        422,
        bytes(JSON.stringify({ address: PEOPLE.anna, language: key })),
        JSON_TYPE,
        admin,
      ],
      ['administrator', 'GET', `/api/v1/admin/deliveries/${token}`, 404, undefined, {}, admin],
      [
        'administrator',
        'POST',
        '/api/v1/admin/bounces',
        422,
        bytes(`To: ${PEOPLE.anna}\r\n\r\n${key}`),
        { 'content-type': 'message/rfc822' },
        admin,
      ],
      [
        'administrator',
        'POST',
        '/api/v1/admin/platforms',
        422,
        bytes(JSON.stringify({ name: PEOPLE.anna, namespace: key })),
        JSON_TYPE,
        admin,
      ],
      ['administrator', 'GET', '/api/v1/admin/uploads', 401, undefined, {}, `${admin}x`],
    ];
    const other: string[] = [];
    for (const [who, method, path, status, body, headers = {}, bearer] of wrong) {
      const answer = await journey.ask(who, method, path, {
        headers,
        ...(body === undefined ? {} : { body }),
        ...(bearer === undefined ? {} : { key: bearer }),
      });
      if (answer.status !== status)
        other.push(`${method} ${path} answered ${answer.status} instead of ${status}: ${answer.text}`);
    }
    if (other.length > 0) throw new Error(other.join('\n'));
  }

  /** What is no HTTP, or stops in the middle of it. */
  async sendBroken(): Promise<void> {
    const { token } = this.journey.of('anna');
    const key = this.journey.uploadToken;
    for (const text of [
      `GET /s/${token} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
      `GET /s/${token} HTTP/1.1\r\nHost: x\r\n${PEOPLE.anna}\r\n\r\n`,
      `GET /s/${token} HTTX/9\r\n\r\n`,
      `POST /s/${token}/copy HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${PEOPLE.anna}`,
    ])
      this.journey.keep('anybody', 'answer to what is no HTTP', await this.said(text));
  }

  private said(text: string): Promise<string> {
    const { hostname, port } = new URL(this.journey.server);
    return new Promise((resolve) => {
      let heard = '';
      const socket = connect(Number(port), hostname, () => socket.end(text));
      socket.on('data', (part) => (heard += part.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(heard));
    });
  }
}
