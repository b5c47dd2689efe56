import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CallerResolvers } from '../auth/index.js';
import { MailKinds } from '../mail/index.js';
import { Sweeps } from '../queue/index.js';
import { SharesModule } from '../shares/index.js';
import { UploadReader, UploadsModule } from '../uploads/index.js';
import { UploadChangedMail } from './changed-mail.js';
import { CorrectionsService } from './corrections.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveriesStore } from './deliveries.store.js';
import { DeliveryLinks } from './delivery-links.js';
import { DeliveryReader } from './delivery-reader.js';
import { DispatchMail } from './dispatch-mail.js';
import { DispatchUploadProcessor } from './dispatch-upload.processor.js';
import { ExtensionRequestsStore } from './extensions/extension-requests.store.js';
import { ExtensionsController } from './extensions/extensions.controller.js';
import { ExtensionsService } from './extensions/extensions.service.js';
import { MoreTimeMail } from './extensions/more-time-mail.js';
import { MoreTimeService } from './extensions/more-time.service.js';
import { MailPreviewService } from './mail-preview.service.js';
import { ManifestDeliveries } from './manifest-deliveries.js';
import { ManifestDeliveriesStore } from './manifest-deliveries.store.js';
import { AccessedMail, NotDeliveredMail, UndeliverableMail, UploadCompleteMail } from './operator-mails.js';
import { UndeliverableDeliveries } from './undeliverable-deliveries.js';
import { UploadStalledMail, UploadStallingMail, VerificationFailingMail } from './stall-mails.js';

@Module({
  imports: [SharesModule, UploadsModule],
  controllers: [DeliveriesController, ExtensionsController],
  providers: [
    AccessedMail,
    CorrectionsService,
    DeliveriesService,
    DeliveriesStore,
    DeliveryLinks,
    DeliveryReader,
    DispatchMail,
    DispatchUploadProcessor,
    ExtensionRequestsStore,
    ExtensionsService,
    MailPreviewService,
    UndeliverableDeliveries,
    ManifestDeliveries,
    ManifestDeliveriesStore,
    MoreTimeMail,
    MoreTimeService,
    NotDeliveredMail,
    UndeliverableMail,
    UploadChangedMail,
    UploadCompleteMail,
    UploadStalledMail,
    UploadStallingMail,
    VerificationFailingMail,
  ],
  exports: [DeliveriesStore, DeliveryLinks, DeliveryReader, DispatchMail, MoreTimeService, UndeliverableDeliveries],
})
export class DeliveriesModule implements OnModuleInit {
  constructor(
    @Inject(MailKinds) private readonly kinds: MailKinds,
    @Inject(CallerResolvers) private readonly resolvers: CallerResolvers,
    @Inject(UploadReader) private readonly uploads: UploadReader,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(DeliveryLinks) private readonly links: DeliveryLinks,
    @Inject(DeliveryReader) private readonly reader: DeliveryReader,
    @Inject(DispatchUploadProcessor) private readonly dispatcher: DispatchUploadProcessor,
    @Inject(ManifestDeliveries) private readonly manifestDeliveries: ManifestDeliveries,
    @Inject(DispatchMail) private readonly dispatchMail: DispatchMail,
    @Inject(UploadCompleteMail) private readonly uploadComplete: UploadCompleteMail,
    @Inject(AccessedMail) private readonly accessed: AccessedMail,
    @Inject(UndeliverableMail) private readonly undeliverable: UndeliverableMail,
    @Inject(NotDeliveredMail) private readonly notDelivered: NotDeliveredMail,
    @Inject(UploadStallingMail) private readonly stalling: UploadStallingMail,
    @Inject(UploadStalledMail) private readonly stalled: UploadStalledMail,
    @Inject(MoreTimeMail) private readonly moreTime: MoreTimeMail,
    @Inject(VerificationFailingMail) private readonly failing: VerificationFailingMail,
    @Inject(UploadChangedMail) private readonly changed: UploadChangedMail,
  ) {}

  onModuleInit(): void {
    const { dispatchMail, uploadComplete, accessed, undeliverable, notDelivered } = this;
    const { stalling, stalled, failing, changed, moreTime } = this;
    const ofUploads = [uploadComplete, stalling, stalled, failing, changed];
    const ofDeliveries = [accessed, undeliverable, notDelivered, moreTime];
    for (const kind of [dispatchMail, ...ofUploads, ...ofDeliveries]) this.kinds.register(kind);
    this.resolvers.registerLink((token) => this.links.resolve(token));
    this.uploads.registerDeliveries((uploadId) => this.reader.ofUpload(uploadId));
    this.sweeps.register({ name: 'undispatched-uploads', everyMs: 3_000, run: () => this.dispatcher.sweep() });
    this.sweeps.register({
      name: 'manifest-deliveries',
      everyMs: 5_000,
      run: (signal) => this.manifestDeliveries.run(signal),
    });
  }
}
