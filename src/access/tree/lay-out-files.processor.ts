// The folders of a manifest are made when its upload was dispatched, so that the first visitor of a million files does
// not wait. If the job is lost, the first look makes them.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import { layOutFiles } from '../../deliveries/index.js';
import { type JobProcessor, Processes } from '../../queue/index.js';
import { FoldersStore } from './folders.store.js';

@Injectable()
@Processes(layOutFiles)
export class LayOutFilesProcessor implements JobProcessor<{ manifestId: string }> {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(FoldersStore) private readonly folders: FoldersStore,
  ) {}

  async process({ manifestId }: { manifestId: string }): Promise<void> {
    await this.transactions.run((tx) => this.folders.make(tx, manifestId));
  }
}
