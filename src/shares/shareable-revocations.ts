// Tells the room above that a shareable was revoked and what it runs must stop. A sweep there finds what this missed.

import { Injectable } from '@nestjs/common';

@Injectable()
export class ShareableRevocations {
  private readonly listeners: ((shareableId: string) => Promise<void>)[] = [];

  onStop(listener: (shareableId: string) => Promise<void>): void {
    this.listeners.push(listener);
  }

  async announceStop(shareableId: string): Promise<void> {
    for (const listener of this.listeners) await listener(shareableId);
  }
}
