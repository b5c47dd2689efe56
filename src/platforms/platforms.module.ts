import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ChainedKinds } from '../audit/index.js';
import { NamespaceCheck } from './namespace-check.js';
import { PlatformChanges } from './platform-changes.js';
import { PlatformsController } from './platforms.controller.js';
import { PlatformsService } from './platforms.service.js';
import { PlatformsStore } from './platforms.store.js';
import { PolicyVersionsStore, reminderPolicyVersions } from './reminder-policy/policy-versions.store.js';
import { ReminderPolicyController } from './reminder-policy/reminder-policy.controller.js';
import { ReminderPolicyService } from './reminder-policy/reminder-policy.service.js';

@Module({
  controllers: [PlatformsController, ReminderPolicyController],
  providers: [
    NamespaceCheck,
    PlatformChanges,
    PlatformsService,
    PlatformsStore,
    PolicyVersionsStore,
    ReminderPolicyService,
  ],
  exports: [NamespaceCheck, PlatformChanges, PlatformsStore],
})
export class PlatformsModule implements OnModuleInit {
  constructor(@Inject(ChainedKinds) private readonly kinds: ChainedKinds) {}

  onModuleInit(): void {
    this.kinds.register(reminderPolicyVersions);
  }
}
