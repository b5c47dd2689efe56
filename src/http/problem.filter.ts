// Makes RFC 9457 problem details of every error, or a page where a person with a browser asked for one. What is not
// an error of ours is a 500 with a request id and no inner text.

import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
  Logger,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from './app-error.js';
import { isPassingTrouble } from '../database/index.js';
import { BadRequest, Unavailable, UnsupportedType } from './common.errors.js';
import { ErrorPages } from './error-pages.js';
import type { Problem } from './problem.schema.js';

@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(@Inject(ErrorPages) private readonly pages: ErrorPages) {}

  catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    return this.respond(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  async respond(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const known = recognise(error);
    const status = known?.kind.status ?? 500;
    this.log(error, known, request, status);
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply.status(status).header('cache-control', 'no-store');
    if (known?.retryAfterSeconds !== undefined) void reply.header('retry-after', String(known.retryAfterSeconds));
    if (known?.allow !== undefined) void reply.header('allow', known.allow);
    // What is still to come is not waited for (RFC 9110, 15.5.9).
    if (status === 408) void reply.header('connection', 'close');
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    const page = this.pages.render(known, request, reply);
    if (page !== undefined) {
      await reply.type('text/html; charset=utf-8').send(page);
      return;
    }
    await reply
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(problemOf(known, status, request.id)));
  }

  private log(error: unknown, known: AppError | undefined, request: FastifyRequest, status: number): void {
    const facts = { requestId: request.id, method: request.method, route: request.routeOptions?.url, status };
    if (!known) this.logger.error({ ...facts, err: error }, 'A request failed for a reason that is not foreseen.');
    else if (known.kind.logLevel === 'error') this.logger.error({ ...facts, err: known }, known.kind.title);
    else if (known.kind.logLevel === 'warn') this.logger.warn({ ...facts, code: known.kind.code }, known.message);
  }
}

function problemOf(known: AppError | undefined, status: number, requestId: string): Problem {
  if (!known) {
    return {
      type: 'urn:instrument-dispatch:problem:internal',
      title: 'Internal error',
      status,
      detail: `Something failed here that should not. Please tell the administrators this request id: ${requestId}.`,
      requestId,
    };
  }
  return {
    type: `urn:instrument-dispatch:problem:${known.kind.code}`,
    title: known.kind.title,
    status,
    detail: known.message,
    ...(known.errors ? { errors: known.errors } : {}),
  };
}

/** Fastify's and Nest's own refusals in our words. */
function recognise(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof HttpException) return fromStatus(error.getStatus());
  if (isPassingTrouble(error)) return new Overloaded(error);
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? fromStatus(status) : undefined;
}

/** The database did not take it now. An operator finds in the log what it said. */
class Overloaded extends Unavailable {
  static override readonly logLevel = 'error';
  constructor(cause: unknown) {
    super('The service cannot do this at the moment; try again in a moment.', 10, { cause });
  }
}

class NoSuchRoute extends AppError {
  static override readonly code = 'no-such-address';
  static override readonly status = 404;
  static override readonly title = 'Not found';
}

class TooLarge extends AppError {
  static override readonly code = 'too-large';
  static override readonly status = 413;
  static override readonly title = 'The request is too large';
}

function fromStatus(status: number): AppError | undefined {
  switch (status) {
    case 404:
      return new NoSuchRoute('There is nothing at this address.');
    case 413:
      return new TooLarge('The body is larger than this address takes.');
    case 415:
      return new UnsupportedType();
    default:
      return status >= 400 && status < 500
        ? new BadRequest('The request cannot be read; is its body valid JSON?')
        : undefined;
  }
}
