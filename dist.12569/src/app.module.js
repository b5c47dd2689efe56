function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
// All rooms of the server, for one set of settings.
import { Module } from '@nestjs/common';
import { AccessModule } from './access/index.js';
import { AdminModule } from './admin/index.js';
import { AuditModule } from './audit/index.js';
import { AuthModule } from './auth/index.js';
import { ClientProgramModule } from './client-program/index.js';
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
export class AppModule {
    static forRoot(settings) {
        const runsWorkers = settings.processRole !== 'api';
        return {
            module: AppModule,
            imports: [
                TimeModule,
                IdsModule,
                DatabaseModule.forRoot(settings.databaseUrl),
                HttpModule.forRoot({
                    publicUrl: settings.publicUrl
                }),
                QueueModule.forRoot({
                    databaseUrl: settings.databaseUrl,
                    redisUrl: settings.redisUrl,
                    runsWorkers,
                    sweepSeconds: settings.sweepSeconds
                }),
                AuditModule,
                AuthModule.forRoot({
                    secretKeys: settings.secretKeys
                }),
                PersonsModule,
                AlertAddressModule.forRoot(settings.alertEmail),
                MailModule.forRoot({
                    smtpUrl: settings.smtpUrl,
                    mailFrom: settings.mailFrom,
                    bounceAddress: settings.bounceAddress
                }),
                MediafluxModule.forRoot(settings.mediaflux),
                PlatformsModule,
                ShareSettingsModule.forRoot({
                    uploadCredentialSeconds: settings.uploadCredentialSeconds
                }),
                SharesModule,
                UploadsModule,
                DeliveriesModule,
                AccessModule.forRoot({
                    clientFactsRetention: settings.clientFactsRetention
                }),
                RemindersModule,
                AdminModule,
                ClientProgramModule,
                OperationsModule
            ]
        };
    }
}
AppModule = _ts_decorate([
    Module({})
], AppModule);

//# sourceMappingURL=app.module.js.map
