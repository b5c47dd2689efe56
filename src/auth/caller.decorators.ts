// What controllers say about their callers.

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { CallerKind, LinkIdentity, ShareableIdentity } from './callers.js';

declare module 'fastify' {
  interface FastifyRequest {
    shareable?: ShareableIdentity;
    link?: LinkIdentity;
  }
  interface FastifyContextConfig {
    caller?: CallerKind;
  }
}

/** Who may call this route; judged before any body is read. A route without it stops the start. */
export const Caller = (caller: CallerKind): MethodDecorator => RouteConfig({ caller });

/** The upload shareable that calls; for routes of `@Caller('shareable')`. */
export const ShareableOf = createParamDecorator((_: unknown, context: ExecutionContext): ShareableIdentity => {
  const { shareable } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!shareable) throw new Error('This route is not one for upload shareables.');
  return shareable;
});

/** The delivery whose link is used; for routes of `@Caller('link')` and its kin. */
export const LinkOf = createParamDecorator((_: unknown, context: ExecutionContext): LinkIdentity => {
  const { link } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!link) throw new Error('This route is not one for links.');
  return link;
});
