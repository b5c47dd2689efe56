// What operations ask: alive, ready, figures.

import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller } from '../auth/index.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Caller('anyone')
  @Get('health/live')
  live() {
    return { status: 'live' };
  }

  @Caller('anyone')
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const parts = await this.readiness.parts();
    const isReady = Object.values(parts).every((part) => part.ready);
    void reply.status(isReady ? 200 : 503).header('cache-control', 'no-store');
    return { status: isReady ? 'ready' : 'not ready', parts };
  }

  @Caller('anyone')
  @Get('metrics')
  async figures(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
