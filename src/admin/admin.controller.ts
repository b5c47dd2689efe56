// Administrators' searches and lists.

import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
import {
  auditEntries,
  chainHeads,
  type ChainHeads,
  changedPerson,
  type ChangedPerson,
  foundUpload,
  foundUploads,
  type FoundUploads,
  listedMails,
  type ListedMails,
  type ShownFoundUpload,
  stats,
  takenBounce,
  type TakenBounce,
  timeline,
  uploadFiles,
  type UploadFiles,
  verifiedChains,
  type VerifiedChains,
} from './shown-records.schema.js';

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
  @ApiOkResponse({ standardSchema: foundUploads })
  list(@Query({ schema: uploadQuery }) query: UploadQuery): Promise<FoundUploads> {
    return this.uploads.list(query);
  }

  @Caller('admin')
  @Get('uploads/:id')
  @ApiOkResponse({ standardSchema: foundUpload })
  get(@Param('id') id: string): Promise<ShownFoundUpload> {
    return this.uploads.get(id);
  }

  @Caller('admin')
  @Get('uploads/:id/files')
  @ApiOkResponse({ standardSchema: uploadFiles })
  files(@Param('id') id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<UploadFiles> {
    return this.uploads.files(id, query);
  }

  @Caller('admin')
  @Get('uploads/:id/timeline')
  @ApiOkResponse({ standardSchema: timeline })
  timeline(@Param('id') id: string) {
    return this.uploads.timeline(id);
  }

  @Caller('admin')
  @Patch('persons')
  @ApiOkResponse({ standardSchema: changedPerson })
  changePerson(@Body({ schema: changePerson }) body: ChangePerson): Promise<ChangedPerson> {
    return this.persons.change(body);
  }

  @Caller('admin')
  @Get('mails')
  @ApiOkResponse({ standardSchema: listedMails })
  mails(@Query({ schema: mailQuery }) query: MailQuery): Promise<ListedMails> {
    return this.mailList.run(query);
  }

  /** The report as it came, in whatever content type it is sent. */
  @Caller('admin')
  @Post('bounces')
  @HttpCode(200)
  @ApiConsumes('message/rfc822')
  @ApiOkResponse({ standardSchema: takenBounce })
  bounce(@Body() report: Buffer | undefined): Promise<TakenBounce> {
    return this.bounces.run(report ?? Buffer.alloc(0));
  }

  @Caller('admin')
  @Get('audit')
  @ApiOkResponse({ standardSchema: auditEntries })
  changes(@Query({ schema: auditQuery }) query: AuditQuery) {
    return this.audit.list(this.transactions.pool, query);
  }

  @Caller('admin')
  @Get('audit/chains')
  @ApiOkResponse({ standardSchema: chainHeads })
  heads(): Promise<ChainHeads> {
    return this.chains.heads();
  }

  @Caller('admin')
  @Get('audit/verify')
  @ApiOkResponse({ standardSchema: verifiedChains })
  verify(@Query({ schema: chainQuery }) query: ChainQuery): Promise<VerifiedChains> {
    return this.chains.verify(query.chain);
  }

  @Caller('admin')
  @Get('stats')
  @ApiOkResponse({ standardSchema: stats })
  stats() {
    return this.figures.run();
  }
}
