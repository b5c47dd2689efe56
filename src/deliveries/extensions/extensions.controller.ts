// Requests for more time, for administrators.

import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller } from '../../auth/index.js';
import {
  declineExtension,
  type DeclineExtension,
  extensionRequest,
  type ExtensionRequestsPage,
  extensionRequestsPage,
  grantExtension,
  type GrantExtension,
  type ListExtensionRequests,
  listExtensionRequests,
  type ShownExtensionRequest,
} from './extensions.schema.js';
import { ExtensionsService } from './extensions.service.js';

@ApiTags('deliveries')
@ApiBearerAuth()
@Controller('api/v1/admin/extension-requests')
export class ExtensionsController {
  constructor(@Inject(ExtensionsService) private readonly extensions: ExtensionsService) {}

  @Caller('admin')
  @Get()
  @ApiOkResponse({ standardSchema: extensionRequestsPage })
  list(@Query({ schema: listExtensionRequests }) query: ListExtensionRequests): Promise<ExtensionRequestsPage> {
    return this.extensions.list(query);
  }

  @Caller('admin')
  @Post(':id/grant')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: extensionRequest })
  grant(
    @Param('id') id: string,
    @Body({ schema: grantExtension }) body: GrantExtension,
  ): Promise<ShownExtensionRequest> {
    return this.extensions.grant(id, body);
  }

  @Caller('admin')
  @Post(':id/decline')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: extensionRequest })
  decline(
    @Param('id') id: string,
    @Body({ schema: declineExtension }) body: DeclineExtension,
  ): Promise<ShownExtensionRequest> {
    return this.extensions.decline(id, body);
  }
}
