import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CallerResolvers, tokenHash } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';
import { Sweeps } from '../queue/index.js';
import { CredentialsStore } from './credentials.store.js';
import { ScopedCredentials } from './scoped-credentials.js';
import { ShareableRevocations } from './shareable-revocations.js';
import { ShareablesController } from './shareables.controller.js';
import { ShareablesService } from './shareables.service.js';
import { ShareablesStore } from './shareables.store.js';
import { MediafluxAddress, SharesMediaflux } from './shares-mediaflux.js';

@Module({
  controllers: [ShareablesController],
  providers: [
    CredentialsStore,
    ScopedCredentials,
    ShareableRevocations,
    ShareablesService,
    ShareablesStore,
    { provide: SharesMediaflux, useExisting: MediafluxGateway },
    { provide: MediafluxAddress, useExisting: MediafluxGateway },
  ],
  exports: [MediafluxAddress, ScopedCredentials, ShareableRevocations, ShareablesStore],
})
export class SharesModule implements OnModuleInit {
  constructor(
    @Inject(CallerResolvers) private readonly resolvers: CallerResolvers,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
  ) {}

  onModuleInit(): void {
    this.resolvers.registerShareable((token) => this.shareables.identityOf(this.transactions.pool, tokenHash(token)));
    this.sweeps.register({
      name: 'end-credentials',
      everyMs: 10_000,
      run: (signal) => this.credentials.endDoomed(signal),
    });
  }
}
