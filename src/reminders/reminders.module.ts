import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/index.js';
import { PlatformChanges, PlatformsModule } from '../platforms/index.js';
import { Sweeps } from '../queue/index.js';
import { LaterLooks, UploadsModule } from '../uploads/index.js';
import { RemindByHandService } from './by-hand/remind-by-hand.service.js';
import { CandidatesStore } from './candidates.store.js';
import { DataCheck } from './data-check.js';
import { ReminderFiguresService } from './figures/reminder-figures.service.js';
import { DigestMail } from './digests/digest-mail.js';
import { NoticeMail, SingleNoticeMail } from './notices/notice-mail.js';
import { NoticesStore } from './notices/notices.store.js';
import { OperatorNotices } from './notices/operator-notices.service.js';
import { VanishedMail } from './notices/vanished-mail.js';
import { ReminderClaimsStore } from './reminder-claims.store.js';
import { ReminderMail } from './reminder-mail.js';
import { PreviewService } from './previews/preview.service.js';
import { ReminderPlanner } from './reminder-planner.js';
import { ReminderRunsService } from './reminder-runs.service.js';
import { RemindersController } from './reminders.controller.js';
import { RunRemindersProcessor } from './run-reminders.processor.js';
import { RunsStore } from './runs.store.js';
import { SelectionStore } from './selection.store.js';
import { SlotsStore } from './slots.store.js';

@Module({
  imports: [DeliveriesModule, PlatformsModule, UploadsModule],
  controllers: [RemindersController],
  providers: [
    CandidatesStore,
    DataCheck,
    DigestMail,
    NoticeMail,
    NoticesStore,
    OperatorNotices,
    PreviewService,
    RemindByHandService,
    ReminderClaimsStore,
    ReminderFiguresService,
    ReminderMail,
    ReminderPlanner,
    ReminderRunsService,
    RunRemindersProcessor,
    RunsStore,
    SelectionStore,
    SingleNoticeMail,
    SlotsStore,
    VanishedMail,
  ],
})
export class RemindersModule implements OnModuleInit {
  constructor(
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(PlatformChanges) private readonly changes: PlatformChanges,
    @Inject(ReminderPlanner) private readonly planner: ReminderPlanner,
    @Inject(LaterLooks) private readonly laterLooks: LaterLooks,
    @Inject(DataCheck) private readonly dataCheck: DataCheck,
  ) {}

  onModuleInit(): void {
    this.laterLooks.registerGone((tx, uploadId) => this.dataCheck.gone(tx, uploadId));
    this.changes.onChange((platformId) => this.planner.platformChanged(platformId));
    this.sweeps.register({ name: 'reminder-runs', everyMs: 2_000, run: () => this.planner.sweep() });
    this.sweeps.register({
      name: 'reminder-schedules',
      everyMs: 60_000,
      isUpkeep: true,
      run: () => this.planner.keepSchedules(true),
    });
  }
}
