// Calls about deliveries, for administrators and for the operator's own corrections.

import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type ShareableIdentity, ShareableOf } from '../auth/index.js';
import { IdempotencyKey } from '../http/index.js';
import { CorrectionsService } from './corrections.service.js';
import {
  correctRecipient,
  type CorrectRecipient,
  extendDelivery,
  mailPreview,
  type MailPreview,
  type ExtendDelivery,
  reshare,
  type Reshare,
} from './deliveries.schema.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryReader } from './delivery-reader.js';
import { MailPreviewService } from './mail-preview.service.js';
import { deliverySummary, type DeliverySummary } from '../uploads/index.js';
import {
  correctedDelivery,
  type CorrectedDelivery,
  madeDelivery,
  type MadeDelivery,
  previewedMail,
  type PreviewedMail,
  shownDelivery,
  type ShownDelivery,
} from './shown-deliveries.schema.js';

@ApiTags('deliveries')
@ApiBearerAuth()
@Controller('api/v1')
export class DeliveriesController {
  constructor(
    @Inject(DeliveriesService) private readonly deliveries: DeliveriesService,
    @Inject(DeliveryReader) private readonly reader: DeliveryReader,
    @Inject(MailPreviewService) private readonly previews: MailPreviewService,
    @Inject(CorrectionsService) private readonly corrections: CorrectionsService,
  ) {}

  @Caller('admin')
  @Get('admin/deliveries/:id')
  @ApiOkResponse({ standardSchema: shownDelivery })
  get(@Param('id') id: string): Promise<ShownDelivery> {
    return this.reader.get(id);
  }

  @Caller('admin')
  @Post('admin/uploads/:id/deliveries')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: madeDelivery })
  async reshare(
    @Param('id') uploadId: string,
    @Body({ schema: reshare }) body: Reshare,
    @IdempotencyKey() key: string | undefined,
  ): Promise<MadeDelivery> {
    const id = await this.deliveries.reshare(uploadId, body, 'admin', key);
    return { ...(await this.reader.get(id)), warnings: [] };
  }

  @Caller('admin')
  @Post('admin/deliveries/:id/extend')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: shownDelivery })
  async extend(
    @Param('id') id: string,
    @Body({ schema: extendDelivery }) body: ExtendDelivery,
  ): Promise<ShownDelivery> {
    await this.deliveries.extend(id, body.linkLifetime);
    return this.reader.get(id);
  }

  @Caller('admin')
  @Post('admin/deliveries/:id/revoke')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: shownDelivery })
  async revoke(@Param('id') id: string): Promise<ShownDelivery> {
    await this.deliveries.revoke(id, 'admin');
    return this.reader.get(id);
  }

  @Caller('admin')
  @Post('admin/platforms/:id/mail-preview')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: previewedMail })
  preview(@Param('id') platformId: string, @Body({ schema: mailPreview }) body: MailPreview): Promise<PreviewedMail> {
    return this.previews.run(platformId, body);
  }

  @Caller('shareable')
  @Post('uploads/:id/deliveries')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: correctedDelivery })
  correct(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') uploadId: string,
    @Body({ schema: correctRecipient }) body: CorrectRecipient,
    @IdempotencyKey() key: string | undefined,
  ): Promise<CorrectedDelivery> {
    return this.corrections.add(shareable, uploadId, body.recipient, key);
  }

  @Caller('shareable')
  @Post('uploads/:id/deliveries/:deliveryId/revoke')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: deliverySummary })
  revokeOwn(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') uploadId: string,
    @Param('deliveryId') deliveryId: string,
  ): Promise<DeliverySummary> {
    return this.corrections.revoke(shareable, uploadId, deliveryId);
  }
}
