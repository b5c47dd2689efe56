// How long credentials live, as set for this installation.

import { type DynamicModule, Global, Module } from '@nestjs/common';

export interface CredentialLives {
  uploadCredentialSeconds: number;
  downloadCredentialSeconds: number;
}

export class ShareSettings {
  /** How long one credential lives before a client asks for the next, in milliseconds. */
  readonly credentialMs: Record<'upload' | 'download', number>;

  constructor({ uploadCredentialSeconds, downloadCredentialSeconds }: CredentialLives) {
    this.credentialMs = { upload: uploadCredentialSeconds * 1_000, download: downloadCredentialSeconds * 1_000 };
  }
}

@Global()
@Module({})
export class ShareSettingsModule {
  static forRoot(lives: CredentialLives): DynamicModule {
    const provider = { provide: ShareSettings, useValue: new ShareSettings(lives) };
    return { module: ShareSettingsModule, providers: [provider], exports: [ShareSettings] };
  }
}
