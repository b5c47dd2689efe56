// Where trouble is told that operators cannot mend: `ALERT_EMAIL`.

import { type DynamicModule, Global, Module } from '@nestjs/common';

export class AlertAddress {
  /** Undefined: nobody is to be told. */
  constructor(readonly address: string | undefined) {}
}

@Global()
@Module({})
export class AlertAddressModule {
  static forRoot(address: string | undefined): DynamicModule {
    const provider = { provide: AlertAddress, useValue: new AlertAddress(address) };
    return { module: AlertAddressModule, providers: [provider], exports: [AlertAddress] };
  }
}
