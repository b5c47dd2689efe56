// Administrators' calls about reminders.

import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller } from '../auth/index.js';
import { DeliveryReader, type ShownDelivery, shownDelivery } from '../deliveries/index.js';
import { IdempotencyKey, pageQuery, type PageQuery } from '../http/index.js';
import { figuresQuery, type FiguresQuery, ReminderFiguresService } from './figures/reminder-figures.service.js';
import { remindByHand, type RemindByHand, RemindByHandService } from './by-hand/remind-by-hand.service.js';
import { previewQuery, type PreviewQuery, PreviewService } from './previews/preview.service.js';
import { ledgerQuery, type LedgerQuery, ReminderRunsService } from './reminder-runs.service.js';
import {
  reminderFigures,
  reminderPreview,
  type ReminderPreview,
  reminderRun,
  reminderRunsPage,
  type ReminderRunsPage,
  remindersPage,
  type RemindersPage,
  type ShownReminderFigures,
  type ShownReminderRun,
  startedRun,
  type StartedRun,
} from './shown-reminders.schema.js';

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
  @ApiOkResponse({ standardSchema: reminderPreview })
  preview(
    @Param('id') platformId: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
  ): Promise<ReminderPreview> {
    return this.previews.run(platformId, query);
  }

  @Caller('admin')
  @Get('platforms/:id/reminders/figures')
  @ApiOkResponse({ standardSchema: reminderFigures })
  figuresOf(
    @Param('id') platformId: string,
    @Query({ schema: figuresQuery }) query: FiguresQuery,
  ): Promise<ShownReminderFigures> {
    return this.figures.of(platformId, query);
  }

  @Caller('admin')
  @Post('platforms/:id/reminder-runs')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: startedRun })
  run(@Param('id') platformId: string, @IdempotencyKey() key: string | undefined): Promise<StartedRun> {
    return this.runs.start(platformId, key);
  }

  @Caller('admin')
  @Get('platforms/:id/reminder-runs')
  @ApiOkResponse({ standardSchema: reminderRunsPage })
  list(@Param('id') platformId: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<ReminderRunsPage> {
    return this.runs.list(platformId, query);
  }

  @Caller('admin')
  @Get('reminder-runs/:id')
  @ApiOkResponse({ standardSchema: reminderRun })
  get(@Param('id') runId: string): Promise<ShownReminderRun> {
    return this.runs.get(runId);
  }

  @Caller('admin')
  @Get('reminder-runs/:id/reminders')
  @ApiOkResponse({ standardSchema: remindersPage })
  ledger(@Param('id') runId: string, @Query({ schema: ledgerQuery }) query: LedgerQuery): Promise<RemindersPage> {
    return this.runs.ledger(runId, query);
  }

  @Caller('admin')
  @Post('deliveries/:id/remind')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: shownDelivery })
  async remind(
    @Param('id') deliveryId: string,
    @Body({ schema: remindByHand }) body: RemindByHand,
    @IdempotencyKey() key: string | undefined,
  ): Promise<ShownDelivery> {
    await this.byHand.run(deliveryId, body, key);
    return this.deliveries.get(deliveryId);
  }
}
