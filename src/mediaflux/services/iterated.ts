// The batches of an iterator (reference 6), each asked for before the one in front of it is used up.

import { MediafluxError, xml, type XmlElement } from '../protocol/index.js';
import type { SameSession } from '../session/index.js';

export interface Batch<T> {
  assets: T[];
  isComplete: boolean;
}

interface Asked<T> {
  batch: Promise<Batch<T>>;
  /** It is here, and more is to come. */
  tellsMore: boolean;
}

const BATCH = 1_000;
/** How a batch ends after which there is another, in bytes and as it is recorded. */
const ENDS_WITH_MORE = /<iterated complete="false">\d+<\/iterated><\/result><\/reply><\/response>\s*$/;
const LONGEST_END_BYTES = 200;

export class Iterated<T> {
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  /** The one that is next, and the one after it. */
  private asked: Asked<T>[] = [];
  private isAwaited = false;

  /** @param take called with each asset of a batch before `next` answers it */
  constructor(
    private readonly within: SameSession,
    private readonly id: string,
    private readonly take: (asset: XmlElement) => T,
    signal: AbortSignal | undefined,
  ) {
    this.signal = signal ? AbortSignal.any([signal, this.ending.signal]) : this.ending.signal;
  }

  /**
   * The next batch. While it is read, and while the caller works on it, Mediaflux gathers the one after it; one that is not
   * there is never asked for.
   * @throws MediafluxError
   */
  async next(): Promise<Batch<T>> {
    const asked = this.asked[0] ?? this.ask();
    this.isAwaited = true;
    this.askAhead();
    const batch = await asked.batch;
    this.isAwaited = false;
    this.asked.shift();
    if (!batch.isComplete && this.asked.length === 0) this.ask();
    return batch;
  }

  /** What is under way is given up. */
  async end(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.asked.map(({ batch }) => batch));
  }

  private ask(): Asked<T> {
    // One batch after the other is told, also where two are here.
    const before = this.asked[0]?.batch;
    const asked: Asked<T> = {
      tellsMore: false,
      batch: this.read(async (body) => {
        asked.tellsMore = ENDS_WITH_MORE.test(body.toString('latin1', Math.max(0, body.length - LONGEST_END_BYTES)));
        this.askAhead();
        await before?.catch(() => undefined);
      }),
    };
    // Whoever awaits it hears of its failure.
    asked.batch.catch(() => undefined);
    this.asked.push(asked);
    return asked;
  }

  private askAhead(): void {
    if (this.isAwaited && this.asked.length === 1 && this.asked[0]?.tellsMore) this.ask();
  }

  private async read(came: (body: Buffer) => Promise<void>): Promise<Batch<T>> {
    const assets: T[] = [];
    let complete: string | undefined;
    const args = [xml('id', this.id), xml('size', BATCH)];
    const take = (item: XmlElement): void => {
      if (item.name === 'asset') assets.push(this.take(item));
      else if (item.name === 'iterated') complete = item.attributes['complete']?.trim().toLowerCase() ?? '';
      if (assets.length > BATCH)
        throw new MediafluxError('malformed-reply', 'Mediaflux sent a longer part of a list than was asked for.', {
          service: 'asset.query.iterate',
        });
    };
    await this.within.tell('asset.query.iterate', args, take, { signal: this.signal, came });
    if (complete === undefined)
      throw new MediafluxError('malformed-reply', 'Mediaflux did not tell whether a list is complete.', {
        service: 'asset.query.iterate',
      });
    return { assets, isComplete: complete === 'true' };
  }
}
