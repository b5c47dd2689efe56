import { type DynamicModule, Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Sweeps } from '../queue/index.js';
import { MailDispatcher } from './mail-dispatcher.js';
import { MailKinds } from './mail-kinds.js';
import { MailListService } from './mail-list.service.js';
import { type MailSettings, MailTransport } from './mail-transport.js';
import { OutboxStore } from './outbox.store.js';
import { SendMailsProcessor } from './send-mails.processor.js';

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
        MailDispatcher,
        MailKinds,
        MailListService,
        OutboxStore,
        SendMailsProcessor,
        { provide: MailTransport, useFactory: () => new MailTransport(settings) },
      ],
      exports: [MailDispatcher, MailKinds, MailListService, MailTransport],
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
