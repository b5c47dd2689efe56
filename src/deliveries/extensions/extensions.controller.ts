// Requests for more time, for administrators.

import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Caller } from '../../auth/index.js';
import {
  declineExtension,
  type DeclineExtension,
  grantExtension,
  type GrantExtension,
  listExtensionRequests,
  type ListExtensionRequests,
} from './extensions.schema.js';
import { ExtensionsService } from './extensions.service.js';

@ApiTags('deliveries')
@ApiBearerAuth()
@Controller('api/v1/admin/extension-requests')
export class ExtensionsController {
  constructor(@Inject(ExtensionsService) private readonly extensions: ExtensionsService) {}

  @Caller('admin')
  @Get()
  list(@Query({ schema: listExtensionRequests }) query: ListExtensionRequests) {
    return this.extensions.list(query);
  }

  @Caller('admin')
  @Post(':id/grant')
  @HttpCode(200)
  grant(@Param('id') id: string, @Body({ schema: grantExtension }) body: GrantExtension) {
    return this.extensions.grant(id, body);
  }

  @Caller('admin')
  @Post(':id/decline')
  @HttpCode(200)
  decline(@Param('id') id: string, @Body({ schema: declineExtension }) body: DeclineExtension) {
    return this.extensions.decline(id, body);
  }
}
