import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/index.js';
import { UploadsModule } from '../uploads/index.js';
import { AdminController } from './admin.controller.js';
import { ChainsService } from './chains.service.js';
import { PersonsAdminService } from './persons-admin.service.js';
import { StatsService } from './stats.service.js';
import { UploadSearchStore } from './upload-search.store.js';
import { UploadsAdminService } from './uploads-admin.service.js';

@Module({
  imports: [DeliveriesModule, UploadsModule],
  controllers: [AdminController],
  providers: [ChainsService, PersonsAdminService, StatsService, UploadSearchStore, UploadsAdminService],
})
export class AdminModule {}
