// A download as the server is told of it: begun, progress, completed or failed.

import type { Credential, DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import { StillAway } from '../patience.js';
import type { Reporter } from '../report/reporter.js';
import { MediafluxLink } from '../transfer/mediaflux-link.js';

const PROGRESS_EVERY_MS = 2_000;

/** Paths of a part that one call carries; a server takes a multiple of it. */
const PATHS_AT_ONCE_BYTES = 512 * 1024;

type Completed = { whole: true; files: number; bytes: number } | { whole: false; paths: Iterable<string> };

export class ReportedDownload {
  files = 0;
  receivedBytes = 0;
  private bytes = 0;
  private reportedAt = performance.now();

  constructor(
    private readonly client: DispatchClient,
    private readonly address: string,
    private readonly reporter: Reporter,
  ) {}

  link(credential: Credential, connections: number): MediafluxLink {
    return new MediafluxLink(credential, {
      ...this.client.options,
      connections,
      renew: async () =>
        (await this.client.call<{ mediaflux: Credential }>('POST', `${this.address}/credential`)).mediaflux,
      millisecondsUntil: (instant) => this.client.millisecondsUntil(instant),
    });
  }

  async fetched(bytes: number, received: number): Promise<void> {
    this.files += 1;
    this.bytes += bytes;
    this.receivedBytes += received;
    const now = performance.now();
    if (now - this.reportedAt < PROGRESS_EVERY_MS) return;
    this.reportedAt = now;
    await this.client.call('POST', `${this.address}/progress`, { files: this.files, bytes: this.bytes });
  }

  async completed(how: Completed): Promise<void> {
    if (how.whole) {
      await this.client.call('POST', `${this.address}/complete`, how);
      return;
    }
    let paths: string[] = [];
    let length = 0;
    for (const path of how.paths) {
      const bytes = Buffer.byteLength(path) + 3;
      if (length + bytes > PATHS_AT_ONCE_BYTES) {
        await this.client.call('POST', `${this.address}/fetched`, { paths });
        [paths, length] = [[], 0];
      }
      paths.push(path);
      length += bytes;
    }
    await this.client.call('POST', `${this.address}/complete`, { whole: false, paths });
  }

  async failed(error: unknown): Promise<void> {
    const reason = error instanceof Failure ? error.message : 'the transfer was broken off';
    try {
      await this.client.tell(`${this.address}/fail`, { reason: reason.slice(0, 500) });
    } catch (second) {
      const why =
        second instanceof StillAway ? second.reason : second instanceof Error ? second.message : String(second);
      this.reporter.note(`The server could not be told of the failure: ${why}`);
    }
  }
}
