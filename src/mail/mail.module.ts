import { type DynamicModule, Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { SecretKeys } from '../auth/index.js';
import { Sweeps } from '../queue/index.js';
import { Backoffs } from './backoffs.js';
import { BouncesService } from './bounces.service.js';
import { MailDispatcher } from './mail-dispatcher.js';
import { MailKinds } from './mail-kinds.js';
import { MailListService } from './mail-list.service.js';
import { MailTransport, type MailTransportSettings } from './mail-transport.js';
import { OutboxStore } from './outbox.store.js';
import { ReturnAddresses } from './return-addresses.js';
import { SendMailsProcessor } from './send-mails.processor.js';

export interface MailSettings extends MailTransportSettings {
  /** `local@domain` of addresses that reports of failed deliveries go to; unset: off. */
  bounceAddress: string | undefined;
}

@Global()
@Module({})
export class MailModule implements OnModuleInit {
  constructor(
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(SendMailsProcessor) private readonly sender: SendMailsProcessor,
    @Inject(MailDispatcher) private readonly dispatcher: MailDispatcher,
  ) {}

  static forRoot(settings: MailSettings): DynamicModule {
    return {
      module: MailModule,
      providers: [
        BouncesService,
        MailDispatcher,
        MailKinds,
        MailListService,
        OutboxStore,
        SendMailsProcessor,
        {
          provide: ReturnAddresses,
          inject: [SecretKeys],
          useFactory: (keys: SecretKeys) => new ReturnAddresses(settings.bounceAddress, keys),
        },
        { provide: Backoffs, useFactory: () => new Backoffs(Math.random) },
        { provide: MailTransport, useFactory: () => new MailTransport(settings) },
      ],
      exports: [BouncesService, MailDispatcher, MailKinds, MailListService, MailTransport, ReturnAddresses],
    };
  }

  onModuleInit(): void {
    this.sweeps.register({
      name: 'mails',
      everyMs: 2_000,
      run: async () => {
        await this.sender.takeOver();
        if (await this.sender.isAnyDue()) await this.dispatcher.kick();
      },
    });
  }
}
