import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ChainedKinds } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { JobQueue, Sweeps } from '../queue/index.js';
import { ShareableRevocations, SharesModule } from '../shares/index.js';
import { CheckUploadService } from './starts/check-upload.service.js';
import { chainedLooks } from './later-looks/chained-looks.js';
import { LaterLooks } from './later-looks/later-looks.js';
import { LaterLooksStore } from './later-looks/later-looks.store.js';
import { LookReader } from './later-looks/look-reader.js';
import { ManifestAssetWriter } from './manifests/manifest-asset.js';
import { ManifestService } from './manifests/manifest.service.js';
import { ShareableInfoService } from './starts/shareable-info.service.js';
import { StalledUploads } from './stalls/stalled-uploads.js';
import { StallsStore } from './stalls/stalls.store.js';
import { StartUploadService } from './starts/start-upload.service.js';
import { UploadEnder } from './states/upload-ender.js';
import { UploadEvents } from './states/upload-events.js';
import { UploadWaits } from './states/upload-waits.js';
import { UploadProgressStore } from './upload-progress.store.js';
import { UploadReader } from './shown/upload-reader.js';
import { UploadsController } from './uploads.controller.js';
import { verifyUpload } from './uploads.jobs.js';
import { UploadsService } from './uploads.service.js';
import { UploadsStore } from './uploads.store.js';
import { VerificationTroubles } from './verification/verification-troubles.js';
import { VerificationStore } from './verification/verification.store.js';
import { VerifyUploadProcessor } from './verification/verify-upload.processor.js';

@Module({
  imports: [SharesModule],
  controllers: [UploadsController],
  providers: [
    CheckUploadService,
    LaterLooks,
    LaterLooksStore,
    LookReader,
    ManifestAssetWriter,
    ManifestService,
    ShareableInfoService,
    StalledUploads,
    StallsStore,
    StartUploadService,
    UploadEnder,
    UploadEvents,
    UploadProgressStore,
    UploadReader,
    UploadsService,
    UploadsStore,
    UploadWaits,
    VerificationStore,
    VerificationTroubles,
    VerifyUploadProcessor,
  ],
  exports: [LaterLooks, LookReader, UploadReader, UploadsStore],
})
export class UploadsModule implements OnModuleInit {
  constructor(
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(VerificationStore) private readonly verification: VerificationStore,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(StalledUploads) private readonly stalls: StalledUploads,
    @Inject(UploadEnder) private readonly ender: UploadEnder,
    @Inject(ShareableRevocations) private readonly revocations: ShareableRevocations,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(LaterLooks) private readonly laterLooks: LaterLooks,
    @Inject(ChainedKinds) private readonly chained: ChainedKinds,
  ) {}

  onModuleInit(): void {
    this.sweeps.register({ name: 'verifications', everyMs: 3_000, run: () => this.takeUpVerifications() });
    this.sweeps.register({ name: 'stalled-uploads', everyMs: 5_000, run: (signal) => this.stalls.run(signal) });
    this.sweeps.register({ name: 'stopped-uploads', everyMs: 30_000, run: () => this.endStopped() });
    this.sweeps.register({ name: 'later-looks', everyMs: 10_000, run: (signal) => this.laterLooks.run(signal) });
    this.chained.register(chainedLooks);
    this.revocations.onStop((shareableId) => this.endOf(shareableId));
  }

  private async takeUpVerifications(): Promise<void> {
    for (const uploadId of await this.verification.abandonedVerifications(this.transactions.pool)) {
      await this.queue.add(verifyUpload, { uploadId });
    }
  }

  private async endStopped(): Promise<void> {
    for (const uploadId of await this.uploads.toStop(this.transactions.pool)) await this.ender.abandon(uploadId);
  }

  private async endOf(shareableId: string): Promise<void> {
    for (const uploadId of await this.uploads.runningOf(this.transactions.pool, shareableId))
      await this.ender.abandon(uploadId);
  }
}
