import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CallerResolvers } from '../auth/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';
import { Sweeps } from '../queue/index.js';
import { CredentialsStore } from './credentials.store.js';
import { EndingShares } from './ending-shares.js';
import { ShareableLimitsService } from './limits/limits.service.js';
import { ScopedCredentials } from './scoped-credentials.js';
import { ShareableCallers } from './shareable-callers.js';
import { ShareableRevocations } from './shareable-revocations.js';
import { ShareableTokensStore } from './shareable-tokens.store.js';
import { ShareablesController } from './shareables.controller.js';
import { ShareablesService } from './shareables.service.js';
import { ShareablesStore } from './shareables.store.js';
import { ShareablesView } from './shareables.view.js';
import { MediafluxAddress, SharesMediaflux } from './shares-mediaflux.js';
import { TrialsController } from './trials/trials.controller.js';
import { TrialsService } from './trials/trials.service.js';
import { TrialsStore } from './trials/trials.store.js';

@Module({
  controllers: [ShareablesController, TrialsController],
  providers: [
    CredentialsStore,
    EndingShares,
    ScopedCredentials,
    ShareableCallers,
    ShareableLimitsService,
    ShareableRevocations,
    ShareableTokensStore,
    ShareablesService,
    ShareablesStore,
    ShareablesView,
    TrialsService,
    TrialsStore,
    { provide: SharesMediaflux, useExisting: MediafluxGateway },
    { provide: MediafluxAddress, useExisting: MediafluxGateway },
  ],
  exports: [
    MediafluxAddress,
    ScopedCredentials,
    ShareableCallers,
    ShareableLimitsService,
    ShareableRevocations,
    ShareablesStore,
  ],
})
export class SharesModule implements OnModuleInit {
  constructor(
    @Inject(CallerResolvers) private readonly resolvers: CallerResolvers,
    @Inject(ShareableCallers) private readonly callers: ShareableCallers,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(EndingShares) private readonly ending: EndingShares,
    @Inject(TrialsService) private readonly trials: TrialsService,
    @Inject(ShareableRevocations) private readonly revocations: ShareableRevocations,
  ) {}

  onModuleInit(): void {
    this.resolvers.registerShareable((token) => this.callers.resolve(token));
    this.revocations.onStop((shareableId) => this.trials.endAllOf(shareableId));
    this.sweeps.register({
      name: 'end-credentials',
      everyMs: 10_000,
      run: (signal) => this.ending.sweep(signal),
    });
  }
}
