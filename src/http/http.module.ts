import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ErrorPages } from './error-pages.js';
import { ProblemFilter } from './problem.filter.js';
import { PublicAddress } from './public-address.js';
import { SchemaPipe } from './validation.js';

@Global()
@Module({})
export class HttpModule {
  static forRoot(settings: { publicUrl?: string | undefined }): DynamicModule {
    return {
      module: HttpModule,
      providers: [
        ErrorPages,
        { provide: PublicAddress, useFactory: () => new PublicAddress(settings.publicUrl) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: SchemaPipe },
      ],
      exports: [ErrorPages, PublicAddress],
    };
  }
}
