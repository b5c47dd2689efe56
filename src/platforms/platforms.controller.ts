// Administrators' calls for platforms.

import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller } from '../auth/index.js';
import { IdempotencyKey, pageQuery, type PageQuery } from '../http/index.js';
import {
  type ChangePlatform,
  changePlatform,
  createPlatform,
  type CreatePlatform,
  platformResource,
  platformsPage,
} from './platforms.schema.js';
import { PlatformsService } from './platforms.service.js';

@ApiTags('administration')
@ApiBearerAuth()
@Controller('api/v1/admin/platforms')
export class PlatformsController {
  constructor(@Inject(PlatformsService) private readonly platforms: PlatformsService) {}

  @Caller('admin')
  @Post()
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: platformResource })
  create(@Body({ schema: createPlatform }) body: CreatePlatform, @IdempotencyKey() key: string | undefined) {
    return this.platforms.create(body, key);
  }

  @Caller('admin')
  @Get()
  @ApiOkResponse({ standardSchema: platformsPage })
  list(@Query({ schema: pageQuery }) query: PageQuery) {
    return this.platforms.list(query);
  }

  @Caller('admin')
  @Get(':id')
  @ApiOkResponse({ standardSchema: platformResource })
  get(@Param('id') id: string) {
    return this.platforms.get(id);
  }

  @Caller('admin')
  @Patch(':id')
  @ApiOkResponse({ standardSchema: platformResource })
  change(@Param('id') id: string, @Body({ schema: changePlatform }) body: ChangePlatform) {
    return this.platforms.change(id, body);
  }
}
