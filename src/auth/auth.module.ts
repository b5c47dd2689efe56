import { type DynamicModule, Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { forgetOldCalls } from '../http/index.js';
import { Sweeps } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { CallerResolvers } from './callers.js';
import { EndedLinkLimiter } from './ended-link-limiter.js';
import { GuessLimiter } from './guess-limiter.js';
import { admitKeys } from './keys-in-use.js';
import { SecretKeys } from './secret-keys.js';

@Global()
@Module({})
export class AuthModule implements OnModuleInit {
  constructor(
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(GuessLimiter) private readonly guesses: GuessLimiter,
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  static forRoot(settings: { secretKeys: readonly Buffer[] }): DynamicModule {
    return {
      module: AuthModule,
      providers: [
        CallerResolvers,
        GuessLimiter,
        EndedLinkLimiter,
        {
          provide: SecretKeys,
          inject: [Transactions],
          useFactory: async (transactions: Transactions) => {
            const keys = new SecretKeys(settings.secretKeys);
            await transactions.run((tx) => admitKeys(tx, keys));
            return keys;
          },
        },
      ],
      exports: [CallerResolvers, EndedLinkLimiter, GuessLimiter, SecretKeys],
    };
  }

  onModuleInit(): void {
    this.sweeps.register({
      name: 'counted-guesses',
      everyMs: 600_000,
      isUpkeep: true,
      run: () => this.guesses.forgetExpired(),
    });
    this.sweeps.register({
      name: 'repeated-calls',
      everyMs: 600_000,
      isUpkeep: true,
      run: (signal) => forgetOldCalls(this.transactions.pool, this.clock.now(), signal),
    });
  }
}
