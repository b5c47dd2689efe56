// Administrators' searches and lists.

import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AuditStore } from '../audit/index.js';
import { Caller } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { pageQuery, type PageQuery } from '../http/index.js';
import { BouncesService, MailListService, mailQuery, type MailQuery } from '../mail/index.js';
import { ChainsService } from './chains.service.js';
import { type ChangePerson, changePerson, PersonsAdminService } from './persons-admin.service.js';
import { StatsService } from './stats.service.js';
import { uploadQuery, type UploadQuery, UploadsAdminService } from './uploads-admin.service.js';

const auditQuery = pageQuery.extend({ subject: z.uuid('must be an id').optional() });
type AuditQuery = z.infer<typeof auditQuery>;
const chainQuery = z.strictObject({
  chain: z.union([z.uuid(), z.literal('administration')], 'must be a platform\'s id or "administration"').optional(),
});
type ChainQuery = z.infer<typeof chainQuery>;

@ApiTags('administration')
@ApiBearerAuth()
@Controller('api/v1/admin')
export class AdminController {
  constructor(
    @Inject(UploadsAdminService) private readonly uploads: UploadsAdminService,
    @Inject(PersonsAdminService) private readonly persons: PersonsAdminService,
    @Inject(MailListService) private readonly mailList: MailListService,
    @Inject(BouncesService) private readonly bounces: BouncesService,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(ChainsService) private readonly chains: ChainsService,
    @Inject(StatsService) private readonly figures: StatsService,
    @Inject(Transactions) private readonly transactions: Transactions,
  ) {}

  @Caller('admin')
  @Get('uploads')
  list(@Query({ schema: uploadQuery }) query: UploadQuery) {
    return this.uploads.list(query);
  }

  @Caller('admin')
  @Get('uploads/:id')
  get(@Param('id') id: string) {
    return this.uploads.get(id);
  }

  @Caller('admin')
  @Get('uploads/:id/files')
  files(@Param('id') id: string, @Query({ schema: pageQuery }) query: PageQuery) {
    return this.uploads.files(id, query);
  }

  @Caller('admin')
  @Get('uploads/:id/timeline')
  timeline(@Param('id') id: string) {
    return this.uploads.timeline(id);
  }

  @Caller('admin')
  @Patch('persons')
  changePerson(@Body({ schema: changePerson }) body: ChangePerson) {
    return this.persons.change(body);
  }

  @Caller('admin')
  @Get('mails')
  mails(@Query({ schema: mailQuery }) query: MailQuery) {
    return this.mailList.run(query);
  }

  /** The report as it came, in whatever content type it is sent. */
  @Caller('admin')
  @Post('bounces')
  @HttpCode(200)
  @ApiConsumes('message/rfc822')
  bounce(@Body() report: Buffer | undefined) {
    return this.bounces.run(report ?? Buffer.alloc(0));
  }

  @Caller('admin')
  @Get('audit')
  changes(@Query({ schema: auditQuery }) query: AuditQuery) {
    return this.audit.list(this.transactions.pool, query);
  }

  @Caller('admin')
  @Get('audit/chains')
  heads() {
    return this.chains.heads();
  }

  @Caller('admin')
  @Get('audit/verify')
  verify(@Query({ schema: chainQuery }) query: ChainQuery) {
    return this.chains.verify(query.chain);
  }

  @Caller('admin')
  @Get('stats')
  stats() {
    return this.figures.run();
  }
}
