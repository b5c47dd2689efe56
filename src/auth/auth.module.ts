import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CallerResolvers } from './callers.js';
import { GuessLimiter } from './guess-limiter.js';
import { SecretKeys } from './secret-keys.js';

@Global()
@Module({})
export class AuthModule {
  static forRoot(settings: { secretKeys: readonly Buffer[] }): DynamicModule {
    return {
      module: AuthModule,
      providers: [
        CallerResolvers,
        GuessLimiter,
        { provide: SecretKeys, useFactory: () => new SecretKeys(settings.secretKeys) },
      ],
      exports: [CallerResolvers, GuessLimiter, SecretKeys],
    };
  }
}
