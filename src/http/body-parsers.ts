// Which bodies are read, and how. The buttons of a link's pages ignore their body whatever it says it is; a stream of
// lines is handed on unread, so that its length does not matter.

import type { FastifyInstance } from 'fastify';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Addresses whose POST means the same with any body, so that `curl -d ''` and a mail program's click both work. */
const IGNORES_BODY = /^\/(?:s\/[^/?]+(?:\/(?:direct|done|undone|more-time))?|u\/[^/?]+(?:\/[a-z]+)?)\/?(?:\?|$)/;

export function installBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');

  fastify.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      if (IGNORES_BODY.test(request.url)) done(null, undefined);
      // An action without arguments may come with an empty body, whatever type the client's library adds.
      else if (body.trim() === '') done(null, {});
      else void parseJson(request, body, done);
    },
  );
  fastify.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      if (IGNORES_BODY.test(request.url)) done(null, undefined);
      else if (request.url.startsWith('/s/')) done(null, Object.fromEntries(new URLSearchParams(body)));
      else done(unsupported());
    },
  );
  fastify.addContentTypeParser('application/x-ndjson', (_request, _payload, done) => done(null, undefined));
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (!IGNORES_BODY.test(request.url) && request.headers['content-type'] !== undefined) {
      done(unsupported());
      return;
    }
    payload.resume();
    done(null, IGNORES_BODY.test(request.url) ? undefined : {});
  });
}

function unsupported(): Error & { statusCode: number } {
  return Object.assign(new Error('This content type is not read here.'), { statusCode: 415 });
}
