// Administrators' calls about reminders.

import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Caller } from '../auth/index.js';
import { DeliveryReader } from '../deliveries/index.js';
import { IdempotencyKey, pageQuery, type PageQuery } from '../http/index.js';
import { figuresQuery, type FiguresQuery, ReminderFiguresService } from './figures/reminder-figures.service.js';
import { remindByHand, type RemindByHand, RemindByHandService } from './by-hand/remind-by-hand.service.js';
import { previewQuery, type PreviewQuery, PreviewService } from './previews/preview.service.js';
import { ledgerQuery, type LedgerQuery, ReminderRunsService } from './reminder-runs.service.js';

@ApiTags('reminders')
@ApiBearerAuth()
@Controller('api/v1/admin')
export class RemindersController {
  constructor(
    @Inject(PreviewService) private readonly previews: PreviewService,
    @Inject(ReminderRunsService) private readonly runs: ReminderRunsService,
    @Inject(RemindByHandService) private readonly byHand: RemindByHandService,
    @Inject(ReminderFiguresService) private readonly figures: ReminderFiguresService,
    @Inject(DeliveryReader) private readonly deliveries: DeliveryReader,
  ) {}

  @Caller('admin')
  @Get('platforms/:id/reminders/preview')
  preview(@Param('id') platformId: string, @Query({ schema: previewQuery }) query: PreviewQuery) {
    return this.previews.run(platformId, query);
  }

  @Caller('admin')
  @Get('platforms/:id/reminders/figures')
  figuresOf(@Param('id') platformId: string, @Query({ schema: figuresQuery }) query: FiguresQuery) {
    return this.figures.of(platformId, query);
  }

  @Caller('admin')
  @Post('platforms/:id/reminder-runs')
  @HttpCode(201)
  run(@Param('id') platformId: string, @IdempotencyKey() key: string | undefined) {
    return this.runs.start(platformId, key);
  }

  @Caller('admin')
  @Get('platforms/:id/reminder-runs')
  list(@Param('id') platformId: string, @Query({ schema: pageQuery }) query: PageQuery) {
    return this.runs.list(platformId, query);
  }

  @Caller('admin')
  @Get('reminder-runs/:id')
  get(@Param('id') runId: string) {
    return this.runs.get(runId);
  }

  @Caller('admin')
  @Get('reminder-runs/:id/reminders')
  ledger(@Param('id') runId: string, @Query({ schema: ledgerQuery }) query: LedgerQuery) {
    return this.runs.ledger(runId, query);
  }

  @Caller('admin')
  @Post('deliveries/:id/remind')
  @HttpCode(200)
  async remind(
    @Param('id') deliveryId: string,
    @Body({ schema: remindByHand }) body: RemindByHand,
    @IdempotencyKey() key: string | undefined,
  ) {
    await this.byHand.run(deliveryId, body, key);
    return this.deliveries.get(deliveryId);
  }
}
