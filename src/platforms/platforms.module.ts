import { Module } from '@nestjs/common';
import { NamespaceCheck } from './namespace-check.js';
import { PlatformChanges } from './platform-changes.js';
import { PlatformsController } from './platforms.controller.js';
import { PlatformsService } from './platforms.service.js';
import { PlatformsStore } from './platforms.store.js';

@Module({
  controllers: [PlatformsController],
  providers: [NamespaceCheck, PlatformChanges, PlatformsService, PlatformsStore],
  exports: [NamespaceCheck, PlatformChanges, PlatformsStore],
})
export class PlatformsModule {}
