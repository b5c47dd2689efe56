// Wires the data source; migrations have run before the module is made.

import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource, migrate } from './data-source.js';
import { AdvisoryLocks } from './advisory-locks.js';
import { ClientStreams, CopyStreams } from './copy-streams.js';
import { Transactions } from './transactions.js';

/**
 * Connections at most, beside those of requests (`createDataSource`) and of the queue; docs/administrators.md adds them
 * up. A worker verifies four uploads at once, and each takes one connection at a time.
 */
const COPIES = 4;
const CLIENT_STREAMS = 8;
const LOCKS = 8;

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CopyStreams) private readonly copyStreams: CopyStreams,
    @Inject(ClientStreams) private readonly clientStreams: ClientStreams,
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
          useFactory: () => new CopyStreams(new pg.Pool({ connectionString: databaseUrl, max: COPIES })),
        },
        {
          provide: ClientStreams,
          useFactory: () => new ClientStreams(new pg.Pool({ connectionString: databaseUrl, max: CLIENT_STREAMS })),
        },
        {
          provide: AdvisoryLocks,
          useFactory: () => new AdvisoryLocks(new pg.Pool({ connectionString: databaseUrl, max: LOCKS })),
        },
        Transactions,
      ],
      exports: [AdvisoryLocks, DataSource, Transactions, ClientStreams, CopyStreams],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.copyStreams.close();
    await this.clientStreams.close();
    await this.locks.close();
    await this.dataSource.destroy();
  }
}
