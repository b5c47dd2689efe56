// What browsers are told about pages behind a link: no third party, no script within them, nothing kept, nothing passed on.

import type { FastifyReply } from 'fastify';

/** @param mediafluxOrigin where a form's answer may lead: browsers check redirects of forms too */
export function pageHeaders(reply: FastifyReply, mediafluxOrigin: string): FastifyReply {
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self' ${mediafluxOrigin}; base-uri 'none'; frame-ancestors 'none'`,
    )
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .header('x-robots-tag', 'noindex')
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8');
}
