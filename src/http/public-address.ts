// Where people reach this server. PUBLIC_URL, or, where it is unset, the address that the server came to listen on.

import { Injectable } from '@nestjs/common';

@Injectable()
export class PublicAddress {
  private base: string | undefined;

  /** @param configured PUBLIC_URL, if set */
  constructor(configured?: string) {
    this.base = configured?.replace(/\/+$/, '');
  }

  /** Called once the server listens; PUBLIC_URL wins. */
  listeningAt(port: number): void {
    this.base ??= `http://localhost:${port}`;
  }

  /** Without a slash at its end. */
  get url(): string {
    if (this.base === undefined) throw new Error('The public address is not known before the server listens.');
    return this.base;
  }

  /** For Message-IDs. */
  get host(): string {
    return new URL(this.url).hostname;
  }
}
