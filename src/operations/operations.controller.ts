// What operations ask: alive, ready, figures.

import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller } from '../auth/index.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';
import { live, readinessAnswer } from './health.schema.js';

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Caller('anyone')
  @Get('health/live')
  @ApiOkResponse({ standardSchema: live })
  live() {
    return { status: 'live' };
  }

  @Caller('anyone')
  @Get('health/ready')
  @ApiOkResponse({ standardSchema: readinessAnswer })
  @ApiServiceUnavailableResponse({ standardSchema: readinessAnswer, description: 'Some part is not ready.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const parts = await this.readiness.parts();
    const isReady = Object.values(parts).every((part) => part.ready);
    void reply.status(isReady ? 200 : 503).header('cache-control', 'no-store');
    return { status: isReady ? 'ready' : 'not ready', parts };
  }

  @Caller('anyone')
  @Get('metrics')
  @ApiOkResponse({ content: { 'application/openmetrics-text': { schema: { type: 'string' } } } })
  async figures(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
