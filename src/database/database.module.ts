// Wires the data source; migrations have run before the module is made.

import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource, migrate } from './data-source.js';
import { AdvisoryLocks } from './advisory-locks.js';
import { CopyStreams } from './copy-streams.js';
import { Transactions } from './transactions.js';

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CopyStreams) private readonly copyStreams: CopyStreams,
    @Inject(AdvisoryLocks) private readonly locks: AdvisoryLocks,
  ) {}

  static forRoot(databaseUrl: string): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: DataSource,
          useFactory: async () => {
            await migrate(databaseUrl);
            return createDataSource(databaseUrl).initialize();
          },
        },
        {
          provide: CopyStreams,
          useFactory: () => new CopyStreams(new pg.Pool({ connectionString: databaseUrl, max: 12 })),
        },
        {
          provide: AdvisoryLocks,
          useFactory: () => new AdvisoryLocks(new pg.Pool({ connectionString: databaseUrl, max: 8 })),
        },
        Transactions,
      ],
      exports: [AdvisoryLocks, DataSource, Transactions, CopyStreams],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.copyStreams.close();
    await this.locks.close();
    await this.dataSource.destroy();
  }
}
