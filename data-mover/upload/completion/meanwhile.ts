// What happened to the data since they were sent: files that changed, or came, are in Mediaflux as they were, or not at all.
// What is verified is what was sent; whoever uploads a folder that is still written to must not take it for all there is.

import type { SentFiles } from '../../journal/sent-files.js';
import { dataIn, type Source } from '../../tree/gather.js';

export class Meanwhile {
  /** Files that are not as they were sent. */
  files = 0;
  /** The first of them. */
  example = '';

  constructor(
    private readonly source: Source,
    private readonly sent: SentFiles,
  ) {}

  /** Looks once more at all there is. @throws the reason of the source's signal */
  async look(): Promise<void> {
    this.files = 0;
    for await (const some of dataIn(this.source))
      for (const found of some) {
        if (found.kind !== 'file' || this.sent.find(found)) continue;
        this.files += 1;
        if (this.files === 1) this.example = found.path;
      }
  }
}
