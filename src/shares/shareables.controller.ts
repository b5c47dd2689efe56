// Administrators' calls for upload shareables.

import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller } from '../auth/index.js';
import { IdempotencyKey, pageQuery, type PageQuery } from '../http/index.js';
import {
  changeShareable,
  type ChangeShareable,
  createShareable,
  type CreateShareable,
  revokeShareable,
  type RevokeShareable,
  rotateShareable,
  type RotateShareable,
} from './shareables.schema.js';
import { ShareablesService } from './shareables.service.js';
import {
  shareablesPage,
  type ShareablesPage,
  shareableWithToken,
  type ShareableWithToken,
  shownShareable,
  type ShownShareable,
} from './shown-shareables.schema.js';

@ApiTags('administration')
@ApiBearerAuth()
@Controller('api/v1/admin')
export class ShareablesController {
  constructor(@Inject(ShareablesService) private readonly shareables: ShareablesService) {}

  @Caller('admin')
  @Post('platforms/:id/shareables')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: shareableWithToken })
  create(
    @Param('id') platformId: string,
    @Body({ schema: createShareable }) body: CreateShareable,
    @IdempotencyKey() key: string | undefined,
  ): Promise<ShareableWithToken> {
    return this.shareables.create(platformId, body, key);
  }

  @Caller('admin')
  @Get('platforms/:id/shareables')
  @ApiOkResponse({ standardSchema: shareablesPage })
  list(@Param('id') platformId: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<ShareablesPage> {
    return this.shareables.list(platformId, query);
  }

  @Caller('admin')
  @Get('shareables/:id')
  @ApiOkResponse({ standardSchema: shownShareable })
  get(@Param('id') id: string): Promise<ShownShareable> {
    return this.shareables.get(id);
  }

  @Caller('admin')
  @Patch('shareables/:id')
  @ApiOkResponse({ standardSchema: shownShareable })
  change(@Param('id') id: string, @Body({ schema: changeShareable }) body: ChangeShareable): Promise<ShownShareable> {
    return this.shareables.change(id, body);
  }

  @Caller('admin')
  @Post('shareables/:id/rotate')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: shareableWithToken })
  rotate(
    @Param('id') id: string,
    @Body({ schema: rotateShareable }) body: RotateShareable,
    @IdempotencyKey() key: string | undefined,
  ): Promise<ShareableWithToken> {
    return this.shareables.rotate(id, body, key);
  }

  @Caller('admin')
  @Post('shareables/:id/revoke')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: shownShareable })
  revoke(@Param('id') id: string, @Body({ schema: revokeShareable }) body: RevokeShareable): Promise<ShownShareable> {
    return this.shareables.revoke(id, body);
  }
}
