// The handle of a logon goes from page to page in a cookie that lives as long as it, is sent to these pages only, and is
// seen by no script: it stands in no page and no address.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGON_LIFE_MS } from '../copies/index.js';

const NAME = 'copy-logon';

export const logonIn = (request: Pick<FastifyRequest, 'headers'>): string | undefined =>
  (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${NAME}=`))
    ?.slice(NAME.length + 1);

export interface CookiePlace {
  /** Of the link. */
  token: string;
  /** The pages are reached by https. */
  isSecure: boolean;
}

export const keepLogon = (reply: FastifyReply, place: CookiePlace, logon: string): void =>
  setCookie(reply, place, logon, LOGON_LIFE_MS / 1_000);

export const forgetLogon = (reply: FastifyReply, place: CookiePlace): void => setCookie(reply, place, '', 0);

function setCookie(reply: FastifyReply, { token, isSecure }: CookiePlace, value: string, seconds: number): void {
  const rules = `Path=/s/${token}/copy; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  void reply.header('set-cookie', `${NAME}=${value}; ${rules}`);
}
