// A link's data for programs. Contract "End user".

import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type LinkIdentity, LinkOf } from '../auth/index.js';
import { DeliveryReader, type ShownDelivery, shownDelivery } from '../deliveries/index.js';
import { IdempotencyKey, pageQuery, type PageQuery } from '../http/index.js';
import {
  completeDownload,
  type CompleteDownload,
  downloadProgress,
  type DownloadProgress,
  failDownload,
  type FailDownload,
  fetchedFiles,
  type FetchedFiles,
  overruleAccess,
  type OverruleAccess,
  reportAccess,
  type ReportAccess,
} from './access.schema.js';
import { ClientOf, type RequestingClient } from './clients/requesting-client.js';
import { DownloadsService } from './downloads.service.js';
import { OverruleService } from './overrules/overrule.service.js';
import { ReportedAccessService } from './reported-access.service.js';
import { SharedDataService } from './shared-data.service.js';
import { freshCredential, type FreshCredential } from '../shares/index.js';
import {
  sharedData,
  type SharedData,
  sharedFiles,
  type SharedFiles,
  startedDownload,
  type StartedDownload,
} from './shown-shares.schema.js';

@ApiTags('download')
@Controller('api/v1/shares/:token')
export class SharesApiController {
  constructor(
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(DownloadsService) private readonly downloads: DownloadsService,
  ) {}

  @Caller('link')
  @Get()
  @ApiOkResponse({ standardSchema: sharedData })
  describe(@LinkOf() link: LinkIdentity): Promise<SharedData> {
    return this.data.describe(link);
  }

  @Caller('link')
  @Get('files')
  @ApiOkResponse({ standardSchema: sharedFiles })
  files(@LinkOf() link: LinkIdentity, @Query({ schema: pageQuery }) query: PageQuery): Promise<SharedFiles> {
    return this.data.files(link, query);
  }

  @Caller('link')
  @Post('downloads')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: startedDownload })
  start(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @IdempotencyKey() key: string | undefined,
  ): Promise<StartedDownload> {
    return this.downloads.start(link, client, key);
  }

  @Caller('link-or-expired')
  @Post('downloads/:id/credential')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: freshCredential })
  credential(@LinkOf() link: LinkIdentity, @Param('id') id: string): Promise<FreshCredential> {
    return this.downloads.credential(link, id);
  }

  @Caller('link-or-expired')
  @Post('downloads/:id/progress')
  @HttpCode(204)
  progress(
    @LinkOf() link: LinkIdentity,
    @Param('id') id: string,
    @Body({ schema: downloadProgress }) body: DownloadProgress,
  ) {
    return this.downloads.progress(link, id, body);
  }

  @Caller('link-or-expired')
  @Post('downloads/:id/fetched')
  @HttpCode(204)
  fetched(@LinkOf() link: LinkIdentity, @Param('id') id: string, @Body({ schema: fetchedFiles }) body: FetchedFiles) {
    return this.downloads.fetched(link, id, body);
  }

  @Caller('link-or-expired')
  @Post('downloads/:id/complete')
  @HttpCode(204)
  complete(
    @LinkOf() link: LinkIdentity,
    @Param('id') id: string,
    @Body({ schema: completeDownload }) body: CompleteDownload,
    @ClientOf() client: RequestingClient,
  ) {
    return this.downloads.complete(link, id, body, client);
  }

  @Caller('link-or-expired')
  @Post('downloads/:id/fail')
  @HttpCode(204)
  fail(
    @LinkOf() link: LinkIdentity,
    @Param('id') id: string,
    @Body({ schema: failDownload }) body: FailDownload,
    @ClientOf() client: RequestingClient,
  ) {
    return this.downloads.fail(link, id, body.reason, client);
  }
}

@ApiTags('administration')
@ApiBearerAuth()
@Controller('api/v1/admin/deliveries')
export class ReportedAccessController {
  constructor(
    @Inject(ReportedAccessService) private readonly reported: ReportedAccessService,
    @Inject(OverruleService) private readonly overruling: OverruleService,
    @Inject(DeliveryReader) private readonly deliveries: DeliveryReader,
  ) {}

  @Caller('admin')
  @Post(':id/access')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: shownDelivery })
  async report(@Param('id') id: string, @Body({ schema: reportAccess }) body: ReportAccess): Promise<ShownDelivery> {
    await this.reported.run(id, body);
    return this.deliveries.get(id);
  }

  @Caller('admin')
  @Post(':id/events/:eventId/overrule')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: shownDelivery })
  async overrule(
    @Param('id') id: string,
    @Param('eventId') eventId: string,
    @Body({ schema: overruleAccess }) body: OverruleAccess,
  ): Promise<ShownDelivery> {
    await this.overruling.run(id, eventId, body);
    return this.deliveries.get(id);
  }
}
