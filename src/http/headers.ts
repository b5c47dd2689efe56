// Reads headers that several features use.

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from './common.errors.js';

/** The `Idempotency-Key` header, if there is one. @throws BadRequest longer than 200 characters */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length < 1 || value.length > 200) {
    throw new BadRequest('The Idempotency-Key must have 1 to 200 characters.');
  }
  return value;
});
