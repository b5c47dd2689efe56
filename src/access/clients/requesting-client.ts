// Who sent a request, as far as it shows. The address goes no further than to where it is hashed.

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export interface RequestingClient {
  address: string;
  userAgent: string | undefined;
  isHead: boolean;
  /** The client says that it fetches ahead of a person who may never look. */
  isPrefetch: boolean;
}

export const ClientOf = createParamDecorator((_: unknown, context: ExecutionContext): RequestingClient =>
  clientOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function clientOf(request: FastifyRequest): RequestingClient {
  const { headers } = request;
  return {
    // The same client comes with both forms where the server listens on IPv6.
    address: request.ip.replace(/^::ffff:(?=\d+\.)/i, ''),
    userAgent: headers['user-agent'],
    isHead: request.method === 'HEAD',
    isPrefetch: [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']].some((value) =>
      /prefetch|prerender|preview/i.test(String(value ?? '')),
    ),
  };
}
