// The Data Mover's calls. Contract "Data Mover, upload".

import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type ShareableIdentity, ShareableOf } from '../auth/index.js';
import { IdempotencyKey, pageQuery, type PageQuery } from '../http/index.js';
import { CheckUploadService } from './starts/check-upload.service.js';
import { ShareableInfoService } from './starts/shareable-info.service.js';
import { StartUploadService } from './starts/start-upload.service.js';
import { UploadEvents } from './states/upload-events.js';
import { UploadWaits } from './states/upload-waits.js';
import { UploadReader } from './shown/upload-reader.js';
import {
  changeUpload,
  type ChangeUpload,
  renewCredential,
  type RenewCredential,
  startUpload,
  type StartUpload,
} from './uploads.schema.js';
import { UploadsService } from './uploads.service.js';
import { freshCredential, type FreshCredential } from '../shares/index.js';
import {
  checkedUpload,
  type CheckedUpload,
  mismatchesPage,
  type MismatchesPage,
  shareableInfo,
  type ShareableInfo,
  shownUpload,
  type ShownUpload,
  startedUpload,
  type StartedUpload,
} from './shown/shown-uploads.schema.js';

@ApiTags('upload')
@ApiBearerAuth()
@Controller('api/v1')
export class UploadsController {
  constructor(
    @Inject(StartUploadService) private readonly starting: StartUploadService,
    @Inject(CheckUploadService) private readonly checking: CheckUploadService,
    @Inject(UploadsService) private readonly uploads: UploadsService,
    @Inject(UploadReader) private readonly reader: UploadReader,
    @Inject(ShareableInfoService) private readonly info: ShareableInfoService,
    @Inject(UploadEvents) private readonly events: UploadEvents,
    @Inject(UploadWaits) private readonly waits: UploadWaits,
  ) {}

  @Caller('shareable')
  @Get('shareable')
  @ApiOkResponse({ standardSchema: shareableInfo })
  shareable(@ShareableOf() shareable: ShareableIdentity): Promise<ShareableInfo> {
    return this.info.run(shareable);
  }

  @Caller('shareable')
  @Post('uploads')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: startedUpload })
  start(
    @ShareableOf() shareable: ShareableIdentity,
    @Body({ schema: startUpload }) body: StartUpload,
    @IdempotencyKey() key: string | undefined,
    @Headers('date') date: string | undefined,
  ): Promise<StartedUpload> {
    return this.starting.run(shareable, body, key, date);
  }

  @Caller('shareable')
  @Post('uploads/check')
  @HttpCode(200)
  @ApiBody({ schema: { $ref: '#/components/schemas/StartUpload' } })
  @ApiOkResponse({ standardSchema: checkedUpload })
  check(
    @ShareableOf() shareable: ShareableIdentity,
    @Body() body: unknown,
    @Headers('date') date: string | undefined,
  ): Promise<CheckedUpload> {
    return this.checking.run(shareable, body, date);
  }

  @Caller('shareable')
  @Get('uploads/:id')
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: '`wait=20`: of an upload that is `verifying`, answered when it no longer is, after 20 seconds at most',
  })
  @ApiOkResponse({ standardSchema: shownUpload })
  async get(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<ShownUpload> {
    const upload = await this.reader.own(shareable, id);
    if (upload.state !== 'verifying') return this.reader.view(upload);
    await this.waits.untilCompared(upload.id, request);
    return this.reader.get(shareable, id);
  }

  @Caller('shareable')
  @Get('uploads/:id/mismatches')
  @ApiOkResponse({ standardSchema: mismatchesPage })
  mismatches(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<MismatchesPage> {
    return this.reader.mismatches(shareable, id, query);
  }

  @Caller('shareable')
  @Get('uploads/:id/events')
  @ApiOkResponse({
    description: 'What `GET /api/v1/uploads/{id}` answers, each time it changes, as server-sent events.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  async stream(@ShareableOf() shareable: ShareableIdentity, @Param('id') id: string, @Res() reply: FastifyReply) {
    await this.events.run(shareable, id, reply);
  }

  @Caller('shareable')
  @Patch('uploads/:id')
  @ApiOkResponse({ standardSchema: shownUpload })
  change(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') id: string,
    @Body({ schema: changeUpload }) body: ChangeUpload,
  ): Promise<ShownUpload> {
    return this.uploads.change(shareable, id, body);
  }

  @Caller('shareable')
  @Post('uploads/:id/credential')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: freshCredential })
  credential(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') id: string,
    @Body({ schema: renewCredential }) body: RenewCredential,
  ): Promise<FreshCredential> {
    return this.uploads.credential(shareable, id, body);
  }

  @Caller('shareable')
  @Put('uploads/:id/manifest')
  @HttpCode(204)
  @ApiNoContentResponse({
    headers: {
      'Manifest-Id': {
        description: "The upload's `manifestId` for as long as this manifest is not replaced",
        schema: { type: 'string' },
      },
    },
  })
  async manifest(
    @ShareableOf() shareable: ShareableIdentity,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    reply.header('manifest-id', await this.uploads.manifest(shareable, id, request.raw));
  }

  @Caller('shareable')
  @Post('uploads/:id/complete')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: shownUpload })
  complete(@ShareableOf() shareable: ShareableIdentity, @Param('id') id: string): Promise<ShownUpload> {
    return this.uploads.complete(shareable, id);
  }

  @Caller('shareable')
  @Delete('uploads/:id')
  @HttpCode(204)
  abandon(@ShareableOf() shareable: ShareableIdentity, @Param('id') id: string) {
    return this.uploads.abandon(shareable, id);
  }
}
