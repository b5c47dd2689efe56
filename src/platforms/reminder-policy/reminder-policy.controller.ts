// Administrators' call for versions of a platform's reminder policy.

import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller } from '../../auth/index.js';
import { pageQuery, type PageQuery } from '../../http/index.js';
import { policyVersions } from './reminder-policy.schema.js';
import { ReminderPolicyService } from './reminder-policy.service.js';

@ApiTags('reminders')
@ApiBearerAuth()
@Controller('api/v1/admin/platforms/:id/reminders/policy')
export class ReminderPolicyController {
  constructor(@Inject(ReminderPolicyService) private readonly policies: ReminderPolicyService) {}

  @Caller('admin')
  @Get()
  @ApiOkResponse({ standardSchema: policyVersions })
  list(@Param('id') platformId: string, @Query({ schema: pageQuery }) query: PageQuery) {
    return this.policies.list(platformId, query);
  }
}
