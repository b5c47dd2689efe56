// Calls about deliveries, for administrators and for the operator's own corrections.

import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
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
  get(@Param('id') id: string) {
    return this.reader.get(id);
  }

  @Caller('admin')
  @Post('admin/uploads/:id/deliveries')
  @HttpCode(201)
  async reshare(
    @Param('id') uploadId: string,
    @Body({ schema: reshare }) body: Reshare,
    @IdempotencyKey() key: string | undefined,
  ) {
    const id = await this.deliveries.reshare(uploadId, body, 'admin', key);
    return { ...(await this.reader.get(id)), warnings: [] };
  }

  @Caller('admin')
  @Post('admin/deliveries/:id/extend')
  @HttpCode(200)
  async extend(@Param('id') id: string, @Body({ schema: extendDelivery }) body: ExtendDelivery) {
    await this.deliveries.extend(id, body.linkLifetime);
    return this.reader.get(id);
  }

  @Caller('admin')
  @Post('admin/deliveries/:id/revoke')
  @HttpCode(200)
  async revoke(@Param('id') id: string) {
    await this.deliveries.revoke(id, 'admin');
    return this.reader.get(id);
  }

  @Caller('admin')
  @Post('admin/platforms/:id/mail-preview')
  @HttpCode(200)
  preview(@Param('id') platformId: string, @Body({ schema: mailPreview }) body: MailPreview) {
    return this.previews.run(platformId, body);
  }

  @Caller('shareable')
  @Post('uploads/:id/deliveries')
  @HttpCode(201)
  correct(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') uploadId: string,
    @Body({ schema: correctRecipient }) body: CorrectRecipient,
    @IdempotencyKey() key: string | undefined,
  ) {
    return this.corrections.add(shareable, uploadId, body.recipient, key);
  }

  @Caller('shareable')
  @Post('uploads/:id/deliveries/:deliveryId/revoke')
  @HttpCode(200)
  revokeOwn(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') uploadId: string,
    @Param('deliveryId') deliveryId: string,
  ) {
    return this.corrections.revoke(shareable, uploadId, deliveryId);
  }
}
