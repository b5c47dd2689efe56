// All rooms of the server, for one set of settings.

import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/index.js';
import { AdminModule } from './admin/index.js';
import { AuditModule } from './audit/index.js';
import { AuthModule } from './auth/index.js';
import { ClientProgramModule } from './client-program/index.js';
import type { CompleteSettings } from './config/index.js';
import { DatabaseModule } from './database/index.js';
import { DeliveriesModule } from './deliveries/index.js';
import { HttpModule } from './http/index.js';
import { IdsModule } from './ids/index.js';
import { AlertAddressModule, MailModule } from './mail/index.js';
import { MediafluxModule } from './mediaflux/index.js';
import { OperationsModule } from './operations/index.js';
import { PersonsModule } from './persons/index.js';
import { PlatformsModule } from './platforms/index.js';
import { QueueModule } from './queue/index.js';
import { RemindersModule } from './reminders/index.js';
import { ShareSettingsModule, SharesModule } from './shares/index.js';
import { TimeModule } from './time/index.js';
import { UploadsModule } from './uploads/index.js';

@Module({})
export class AppModule {
  /** @param built folder with the built program */
  static forRoot(settings: CompleteSettings, built: string): DynamicModule {
    const runsWorkers = settings.processRole !== 'api';
    return {
      module: AppModule,
      imports: [
        TimeModule,
        IdsModule,
        DatabaseModule.forRoot(settings.databaseUrl),
        HttpModule.forRoot({ publicUrl: settings.publicUrl }),
        QueueModule.forRoot({
          databaseUrl: settings.databaseUrl,
          redisUrl: settings.redisUrl,
          runsWorkers,
          sweepSeconds: settings.sweepSeconds,
          atOnce: { copies: settings.copies.parallel },
        }),
        AuditModule,
        AuthModule.forRoot({ secretKeys: settings.secretKeys }),
        PersonsModule,
        AlertAddressModule.forRoot(settings.alertEmail),
        MailModule.forRoot({
          smtpUrl: settings.smtpUrl,
          mailFrom: settings.mailFrom,
          bounceAddress: settings.bounceAddress,
        }),
        MediafluxModule.forRoot({ ...settings.mediaflux, copiesAtOnce: settings.copies.parallel }),
        PlatformsModule,
        ShareSettingsModule.forRoot(settings),
        SharesModule,
        UploadsModule,
        DeliveriesModule,
        AccessModule.forRoot({
          clientFactsRetention: settings.clientFactsRetention,
          copyBytesPerSecond: settings.copies.bytesPerSecond,
        }),
        RemindersModule,
        AdminModule,
        ClientProgramModule.forRoot(built),
        OperationsModule,
      ],
    };
  }
}
