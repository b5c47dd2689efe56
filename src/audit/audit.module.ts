import { Global, Module } from '@nestjs/common';
import { AuditStore } from './audit.store.js';
import { ChainedKinds } from './chained-kinds.js';
import { ChainsStore } from './chains.store.js';
import { SealerService } from './sealer.service.js';

@Global()
@Module({
  providers: [AuditStore, ChainedKinds, ChainsStore, SealerService],
  exports: [AuditStore, ChainedKinds, ChainsStore],
})
export class AuditModule {}
