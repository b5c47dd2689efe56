import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type GatewaySettings, MediafluxGateway } from './gateway/gateway.js';

@Global()
@Module({})
export class MediafluxModule implements OnApplicationShutdown {
  constructor(@Inject(MediafluxGateway) private readonly gateway: MediafluxGateway) {}

  static forRoot(settings: GatewaySettings): DynamicModule {
    return {
      module: MediafluxModule,
      providers: [{ provide: MediafluxGateway, useFactory: () => new MediafluxGateway(settings) }],
      exports: [MediafluxGateway],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.gateway.close();
  }
}
