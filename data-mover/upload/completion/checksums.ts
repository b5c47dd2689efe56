// Files of which Mediaflux tells no checksum, so that nobody can say that they arrived as they are. They are waited for, and
// never sent again for it: sending makes no checksum.

import { setTimeout as delay } from 'node:timers/promises';
import type { ClientOptions } from '../../dispatch-api/client.js';
import { Failure } from '../../failures.js';
import type { Reporter } from '../../report/reporter.js';
import { duration } from '../../report/units.js';
import type { MediafluxLink } from '../../transfer/mediaflux-link.js';
import { nextLookMs } from './checksums.rules.js';

/** So many are looked at one by one; with more of them, what else is the matter with one shows later. */
const LOOKED_AT = 200;
const NAMED = 20;

/** Those of one verdict. */
export class WithoutChecksum {
  files = 0;
  /** The first of them. */
  readonly examples: string[] = [];
  private lookedAt = 0;

  /** The server could not verify it: does it lack the checksum only? One that has no content at all was not sent. */
  async isOne(link: MediafluxLink, path: string): Promise<boolean> {
    this.lookedAt += 1;
    if (this.lookedAt <= LOOKED_AT) {
      const held = await link.stat(path);
      if (held === undefined || held.size === null) return false;
    }
    this.files += 1;
    if (this.examples.length < NAMED) this.examples.push(path);
    return true;
  }
}

export class AwaitedChecksums {
  private since: number | undefined;
  private looks = 0;

  constructor(
    private readonly options: Pick<ClientOptions, 'giveUpAfterMs' | 'signal'>,
    private readonly reporter: Reporter,
  ) {}

  /** Until it is worth another look. @throws Failure they do not come, it seems; with whom to ask for what */
  async wait(without: WithoutChecksum): Promise<void> {
    const { giveUpAfterMs, signal } = this.options;
    this.since ??= performance.now();
    this.looks += 1;
    const elapsedMs = performance.now() - this.since;
    const pause = nextLookMs({ looks: this.looks, elapsedMs, giveUpAfterMs });
    if (pause === undefined) throw this.inVain(without);
    if (this.looks === 1)
      this.reporter.waits(
        `Mediaflux tells no checksum of ${filesOf(without.files)} yet, so that nobody can say that all arrived as it is. It may compute them later: the server is asked to compare again, and nothing is sent again …`,
        without.examples[0],
      );
    await delay(pause, undefined, { signal });
  }

  private inVain({ files, examples }: WithoutChecksum): Failure {
    for (const path of examples) this.reporter.error('Mediaflux tells no checksum of it', path);
    const waited = duration((performance.now() - (this.since ?? 0)) / 1_000);
    const named = files > examples.length ? ` (${examples.length} of them are named above)` : '';
    return new Failure(
      `Mediaflux holds ${filesOf(files)} of the right size and tells no checksum of ${files === 1 ? 'it' : 'them'}${named}, also ${waited} after all was sent; the upload is not complete. Ask the Mediaflux team to have checksums (content/csum, CRC-32) computed for what is in this project’s store, and run the same command again then: it sends nothing again.`,
    );
  }
}

const filesOf = (files: number): string => `${files} ${files === 1 ? 'file' : 'files'}`;
