// How long credentials live, as set for this installation.

import { type DynamicModule, Global, Module } from '@nestjs/common';

export class ShareSettings {
  constructor(readonly uploadCredentialMs: number) {}
}

@Global()
@Module({})
export class ShareSettingsModule {
  static forRoot(settings: { uploadCredentialSeconds: number }): DynamicModule {
    const provider = { provide: ShareSettings, useValue: new ShareSettings(settings.uploadCredentialSeconds * 1_000) };
    return { module: ShareSettingsModule, providers: [provider], exports: [ShareSettings] };
  }
}
