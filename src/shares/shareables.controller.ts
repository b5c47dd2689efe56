// Administrators' calls for upload shareables.

import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
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

@ApiTags('administration')
@ApiBearerAuth()
@Controller('api/v1/admin')
export class ShareablesController {
  constructor(@Inject(ShareablesService) private readonly shareables: ShareablesService) {}

  @Caller('admin')
  @Post('platforms/:id/shareables')
  @HttpCode(201)
  create(
    @Param('id') platformId: string,
    @Body({ schema: createShareable }) body: CreateShareable,
    @IdempotencyKey() key: string | undefined,
  ) {
    return this.shareables.create(platformId, body, key);
  }

  @Caller('admin')
  @Get('platforms/:id/shareables')
  list(@Param('id') platformId: string, @Query({ schema: pageQuery }) query: PageQuery) {
    return this.shareables.list(platformId, query);
  }

  @Caller('admin')
  @Get('shareables/:id')
  get(@Param('id') id: string) {
    return this.shareables.get(id);
  }

  @Caller('admin')
  @Patch('shareables/:id')
  change(@Param('id') id: string, @Body({ schema: changeShareable }) body: ChangeShareable) {
    return this.shareables.change(id, body);
  }

  @Caller('admin')
  @Post('shareables/:id/rotate')
  @HttpCode(200)
  rotate(
    @Param('id') id: string,
    @Body({ schema: rotateShareable }) body: RotateShareable,
    @IdempotencyKey() key: string | undefined,
  ) {
    return this.shareables.rotate(id, body, key);
  }

  @Caller('admin')
  @Post('shareables/:id/revoke')
  @HttpCode(200)
  revoke(@Param('id') id: string, @Body({ schema: revokeShareable }) body: RevokeShareable) {
    return this.shareables.revoke(id, body);
  }
}
