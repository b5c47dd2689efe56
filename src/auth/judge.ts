// Judges who calls, in Fastify's first hook: before a body is read, whatever its type or length.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KeyNeeded, LinkGone, LinkUnknown } from './auth.errors.js';
import type { CallerKind, CallerResolvers, LinkIdentity } from './callers.js';
import type { EndedLinkLimiter } from './ended-link-limiter.js';
import type { GuessLimiter } from './guess-limiter.js';
import { isSameSecret } from './token.js';

export interface JudgeParts {
  adminApiKey: string;
  resolvers: CallerResolvers;
  guesses: GuessLimiter;
  ended: EndedLinkLimiter;
}

/** Installs the hook and makes a route that names no caller stop the start. */
export function installJudge(fastify: FastifyInstance, parts: JudgeParts): void {
  fastify.addHook('onRoute', (route) => {
    const isApiUi = route.url.startsWith('/api/docs') || route.url === '/api/openapi.json' || route.url === '*';
    if (!isApiUi && route.config?.caller === undefined) {
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may call it; give it @Caller.`);
    }
  });
  fastify.addHook('onRequest', async (request) => {
    const caller = request.routeOptions.config.caller;
    if (caller !== undefined) await judge(request, caller, parts);
  });
}

async function judge(request: FastifyRequest, caller: CallerKind, parts: JudgeParts): Promise<void> {
  switch (caller) {
    case 'anyone':
      return;
    case 'admin': {
      const key = bearer(request);
      if (key === undefined || !isSameSecret(key, parts.adminApiKey)) throw new KeyNeeded();
      return;
    }
    case 'shareable': {
      const token = bearer(request);
      const shareable = token === undefined ? undefined : await parts.resolvers.ofShareable(token);
      if (!shareable) throw new KeyNeeded();
      request.shareable = shareable;
      return;
    }
    case 'link':
    case 'link-opened':
    case 'link-or-expired':
    case 'unsubscribe':
      request.link = await judgeLink(request, caller, parts);
  }
}

async function judgeLink(request: FastifyRequest, caller: CallerKind, parts: JudgeParts): Promise<LinkIdentity> {
  const { token } = request.params as { token?: string };
  const link = token === undefined ? undefined : await lookUp(token, request, caller, parts.resolvers);
  if (!link || link.purpose !== (caller === 'unsubscribe' ? 'unsubscribe' : 'share')) {
    await parts.guesses.count(request.ip);
    throw new LinkUnknown();
  }
  const hasExpired = link.state === 'expired' || link.state === 'replaced';
  const mayPass = link.state === 'live' || (hasExpired && caller === 'link-or-expired');
  if (mayPass) return link;
  await parts.ended.count(link.deliveryId, request.ip);
  // Where the newer link has expired as well, more time can be asked for.
  const isReplaced = link.state === 'replaced' && link.moreTime === null && link.purpose === 'share';
  throw new LinkGone(link.contact, link.languages, link.moreTime, isReplaced);
}

const lookUp = (token: string, request: FastifyRequest, caller: CallerKind, resolvers: CallerResolvers) =>
  caller === 'link-opened' ? resolvers.openLink(token, request) : resolvers.ofLink(token);

function bearer(request: FastifyRequest): string | undefined {
  return /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
