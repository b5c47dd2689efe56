// Addresses of links as mail programs and people hand them on: with a slash at the end, or with the full stop or bracket
// that stood behind them in a text. A token has 43 letters of an alphabet that holds none of these, so that nothing else
// can be meant; who comes with one is sent to the address itself before anything is looked up or recorded.

import type { FastifyInstance } from 'fastify';

const LINK = /^(\/[su]\/[\w-]{43}(?:\/[\w-]+)*)([^\w-][^?]*)(\?.*)?$/;
const GLUED_ON = /^[/.,;:!'")\]}>]+$/;

/**
 * The address that is meant; undefined where it is this one, or another.
 * @param url path and query, as they came
 */
export function addressMeant(url: string): string | undefined {
  const [, address, end, query = ''] = LINK.exec(url) ?? [];
  if (address === undefined || end === undefined || !GLUED_ON.test(decoded(end))) return undefined;
  return `${address}${query}`;
}

/** Before callers are judged. The answer keeps the method and tells no other site of the link. */
export function installLinkAddresses(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const address = addressMeant(request.url);
    if (address === undefined) return;
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    await reply.header('x-robots-tag', 'noindex').redirect(address, 308);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Badly escaped: it is no link, and answered as such.
    return text;
  }
}
