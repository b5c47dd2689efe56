// A Data Mover tries its connection. Additions to the contract's "Data Mover, upload".

import { Body, Controller, Delete, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type ShareableIdentity, ShareableOf } from '../../auth/index.js';
import { IdempotencyKey } from '../../http/index.js';
import { openTrial, type OpenTrial, trialResource } from './trials.schema.js';
import { TrialsService } from './trials.service.js';

@ApiTags('upload')
@ApiBearerAuth()
@Controller('api/v1/shareable/trial')
export class TrialsController {
  constructor(@Inject(TrialsService) private readonly trials: TrialsService) {}

  @Caller('shareable')
  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'A folder of its own and a credential for it, for minutes, to try the connection with Mediaflux',
  })
  @ApiCreatedResponse({ standardSchema: trialResource })
  open(
    @ShareableOf() shareable: ShareableIdentity,
    @Body({ schema: openTrial }) body: OpenTrial,
    @IdempotencyKey() key: string | undefined,
    @Headers('date') date: string | undefined,
  ) {
    return this.trials.open(shareable, body, key, date);
  }

  @Caller('shareable')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends a trial: its credential, its role and its folder with all in it' })
  @ApiNoContentResponse()
  end(@ShareableOf() shareable: ShareableIdentity, @Param('id') id: string) {
    return this.trials.end(shareable, id);
  }
}
