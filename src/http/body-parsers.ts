// Which bodies are read, and how. The buttons of a link's pages ignore their body whatever it says it is; a stream of
// lines is handed on unread, so that its length does not matter.

import type { FastifyInstance } from 'fastify';
import { UnsupportedType } from './common.errors.js';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Addresses whose POST means the same with any body, so that `curl -d ''` and a mail program's click both work. */
const IGNORES_BODY =
  /^\/(?:s\/[^/?]+(?:\/(?:direct|done|undone|not-received|received|more-time))?|u\/[^/?]+(?:\/[a-z]+)?)\/?(?:\?|$)/;

/** Addresses that take a stream of lines, and nothing else. */
const TAKES_LINES = /^\/api\/v1\/uploads\/[^/?]+\/manifest\/?(?:\?|$)/;
/** Routes that take the paths of files that were fetched, as many as their schema allows. */
const TAKES_PATHS = /\/downloads\/:id\/(?:complete|fetched)$/;
const PATHS_LIMIT_BYTES = 16 * 1024 * 1024;
/** Read as bytes, whatever it says it is: what is no delivery report is refused with a reason. */
const IS_RAW = /^\/api\/v1\/admin\/bounces\/?(?:\?|$)/;

export function installBodyParsers(fastify: FastifyInstance): void {
  // Of their content type nothing is looked at, where no such type can be told either.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (IGNORES_BODY.test(request.url)) delete request.headers['content-type'];
    done();
  });
  fastify.addHook('onRoute', (route) => {
    if (TAKES_PATHS.test(route.url)) route.bodyLimit = PATHS_LIMIT_BYTES;
  });
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');

  fastify.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      if (TAKES_LINES.test(request.url)) done(unsupported(request));
      else if (IS_RAW.test(request.url)) done(null, Buffer.from(body));
      // An action without arguments may come with an empty body, whatever type the client's library adds.
      else if (body.trim() === '') done(null, {});
      else void parseJson(request, body, done);
    },
  );
  fastify.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      if (IS_RAW.test(request.url)) done(null, Buffer.from(body));
      else if (request.url.startsWith('/s/')) done(null, Object.fromEntries(new URLSearchParams(body)));
      else done(unsupported(request));
    },
  );
  fastify.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    if (IS_RAW.test(request.url)) readAll(payload).then((body) => done(null, body), done);
    else if (TAKES_LINES.test(request.url)) done(null, undefined);
    else done(unsupported(request));
  });
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (IS_RAW.test(request.url)) {
      readAll(payload).then((body) => done(null, body), done);
      return;
    }
    const isTyped = request.headers['content-type'] !== undefined;
    if (TAKES_LINES.test(request.url) || isTyped) {
      done(unsupported(request));
      return;
    }
    payload.resume();
    done(null, IGNORES_BODY.test(request.url) ? undefined : {});
  });
}

const unsupported = ({ url }: { url: string }): UnsupportedType =>
  new UnsupportedType(TAKES_LINES.test(url) ? 'application/x-ndjson' : undefined);

/** @throws Error with status 413 beyond the limit */
async function readAll(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of payload) {
    length += part.length;
    if (length > BODY_LIMIT_BYTES) throw Object.assign(new Error('The body is too large.'), { statusCode: 413 });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
