// Copies for programs. Contract "End user"; logons before the choice of a destination, and new ones, are an addition.

import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller, type LinkIdentity, LinkOf } from '../../auth/index.js';
import { IdempotencyKey } from '../../http/index.js';
import {
  copyLogon,
  copyState,
  startCopy,
  type StartCopy,
  userCredentials,
  type UserCredentials,
} from '../access.schema.js';
import { ClientOf, type RequestingClient } from '../clients/requesting-client.js';
import { CopiesService } from './copies.service.js';
import { CopyLogonsService } from './copy-logons.service.js';
import { StartCopyService } from './start-copy.service.js';
import { startedCopy, type StartedCopy } from '../shown-shares.schema.js';

@ApiTags('download')
@Controller('api/v1/shares/:token/copies')
export class CopiesApiController {
  constructor(
    @Inject(CopiesService) private readonly copies: CopiesService,
    @Inject(CopyLogonsService) private readonly logons: CopyLogonsService,
    @Inject(StartCopyService) private readonly startCopy: StartCopyService,
  ) {}

  @Caller('link')
  @Post('logons')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: copyLogon })
  logOn(@LinkOf() link: LinkIdentity, @Body({ schema: userCredentials }) body: UserCredentials) {
    return this.logons.describe(link, body);
  }

  @Caller('link')
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: startedCopy })
  start(
    @LinkOf() link: LinkIdentity,
    @Body({ schema: startCopy }) body: StartCopy,
    @ClientOf() client: RequestingClient,
    @IdempotencyKey() key: string | undefined,
  ): Promise<StartedCopy> {
    return this.startCopy.run(link, body, client, key);
  }

  @Caller('link-or-expired')
  @Get(':id')
  @ApiOkResponse({ standardSchema: copyState })
  state(@LinkOf() link: LinkIdentity, @Param('id') id: string) {
    return this.copies.get(link, id);
  }

  @Caller('link-or-expired')
  @Post(':id/logon')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: startedCopy })
  resume(
    @LinkOf() link: LinkIdentity,
    @Param('id') id: string,
    @Body({ schema: userCredentials }) body: UserCredentials,
    @ClientOf() client: RequestingClient,
  ): Promise<StartedCopy> {
    return this.copies.resume(link, id, body, client);
  }
}
