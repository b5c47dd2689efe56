// Tells the rooms above that a platform was made or changed, after the transaction. What must not be missed is found
// by their own sweeps; this only makes it quick.

import { Injectable, Logger } from '@nestjs/common';

@Injectable()
export class PlatformChanges {
  private readonly logger = new Logger('platforms');
  private readonly listeners: ((platformId: string) => Promise<void>)[] = [];

  onChange(listener: (platformId: string) => Promise<void>): void {
    this.listeners.push(listener);
  }

  async announce(platformId: string): Promise<void> {
    for (const listener of this.listeners) {
      await listener(platformId).catch((error: unknown) => {
        this.logger.warn({ platformId, err: error }, 'A change of a platform takes effect with the next sweep.');
      });
    }
  }
}
