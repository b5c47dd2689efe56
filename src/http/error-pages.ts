// Lets a feature answer a person's browser with a page where a program gets problem details.

import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from './app-error.js';

/** Answers the page's HTML, or undefined when this error is not its concern. It may set headers. */
export type ErrorPage = (
  error: AppError | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
) => string | undefined;

/** Where pages are served; everything else answers problem details. */
const PAGE_ADDRESS = /^\/[su]\//;

@Injectable()
export class ErrorPages {
  private readonly pages: ErrorPage[] = [];

  register(page: ErrorPage): void {
    this.pages.push(page);
  }

  render(error: AppError | undefined, request: FastifyRequest, reply: FastifyReply): string | undefined {
    if (!PAGE_ADDRESS.test(request.url) || prefersJson(request)) return undefined;
    for (const page of this.pages) {
      const html = page(error, request, reply);
      if (html !== undefined) return html;
    }
    return undefined;
  }
}

function prefersJson(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '';
  return /application\/(problem\+)?json/.test(accept) && !accept.includes('text/html');
}
