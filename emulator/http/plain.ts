// Answers that are no service replies.

import type { ServerResponse } from 'node:http';
import { ServiceFault, SessionInvalid } from '../faults.js';

/** A status and a sentence. */
export function plain(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length });
  response.end(body);
}

/** What went wrong as a status with its sentence; an answer that has begun is broken off. */
export function refuse(error: unknown, response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else if (error instanceof SessionInvalid) plain(response, 401, error.message);
  else if (error instanceof ServiceFault)
    plain(response, /does not exist/.test(error.message) ? 404 : 403, error.message);
  else throw error;
}

/** `content-disposition` for a download of that name. */
export function disposition(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, escapeByte)}`;
}

const escapeByte = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
