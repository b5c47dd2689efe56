// `asset.query`. Reference 6.

import {
  childNamed,
  isMediafluxError,
  MediafluxError,
  textAt,
  transportError,
  xml,
  type XmlElement,
} from '../protocol/index.js';
import type { MediafluxSession, SameSession } from '../session/index.js';
import { Iterated } from './iterated.js';

/** A string in a query: single quotes, `\'` inside. */
export const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** In a row; a server may search a while without finding, but not for ever. */
const MOST_EMPTY_BATCHES = 10;
const DESTROY_LIMIT_MS = 5_000;

/**
 * Values of every asset that `where` finds, through one iterator, which belongs to its session and is destroyed when the
 * caller stops early. A batch is read whole before it is handed out, so that a slow caller holds no connection.
 *
 * Arguments  `asset.query` `<where/><action>get-values</action><xpath ename="size">content/size</xpath>…<as>iterator</as>`
 * Reply      `<iterator>3</iterator>`
 * Arguments  `asset.query.iterate` `<id>3</id><size>1000</size>`
 * Reply      `<asset id="7" version="1"><size>11</size>…</asset>…<iterated complete="true">1</iterated>`
 * @param xpaths result name to path, as in `{ size: 'content/size' }`
 * @throws MediafluxError session-expired: the session ended in the middle and the list was lost; what came so far is worth
 * nothing, begin again
 */
export const queryValues = (
  session: MediafluxSession,
  where: string,
  xpaths: Record<string, string>,
  signal?: AbortSignal,
): AsyncGenerator<XmlElement> => queryTaken(session, where, xpaths, (asset) => asset, signal);

/**
 * As `queryValues`, of each asset only what `take` makes of it: elements that wait for their turn in a batch outlive
 * many collections of garbage, which costs more than reading them did.
 */
export async function* queryTaken<T>(
  session: MediafluxSession,
  where: string,
  xpaths: Record<string, string>,
  take: (asset: XmlElement) => T,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  for await (const batch of queryBatches(session, where, xpaths, take, signal)) yield* batch;
}

/**
 * As `queryTaken`, a batch at a time: `take` has been called for all of it by then. Two are in memory at most.
 */
export async function* queryBatches<T>(
  session: MediafluxSession,
  where: string,
  xpaths: Record<string, string>,
  take: (asset: XmlElement) => T,
  signal?: AbortSignal,
): AsyncGenerator<T[]> {
  const args = [
    xml('where', where),
    xml('action', 'get-values'),
    ...Object.entries(xpaths).map(([ename, xpath]) => xml('xpath', xpath, { ename })),
    xml('as', 'iterator'),
  ];
  const { result, within } = await session.begin('asset.query', args, { signal });
  const iterator = textAt(result, 'iterator')?.trim();
  if (iterator === undefined || iterator === '')
    throw new MediafluxError('malformed-reply', 'Mediaflux made no iterator for a query.', { service: 'asset.query' });
  const batches = new Iterated(within, iterator, take, signal);
  let isThere = true;
  let emptyInARow = 0;
  try {
    while (isThere) {
      const { assets, isComplete } = await batches.next();
      isThere = !isComplete;
      // A batch that had come before the caller stopped is not wanted any more.
      if (signal?.aborted) throw transportError(signal.reason, signal, 'asset.query.iterate');
      emptyInARow = assets.length === 0 ? emptyInARow + 1 : 0;
      if (isThere && emptyInARow === MOST_EMPTY_BATCHES)
        throw new MediafluxError('malformed-reply', 'Mediaflux sends nothing more of a list and never completes it.', {
          service: 'asset.query.iterate',
        });
      yield assets;
    }
  } finally {
    if (isThere) {
      await batches.end();
      await destroyIterator(within, iterator);
    }
  }
}

/** `asset.query.iterator.destroy`: `<id>3</id><ignore-missing>true</ignore-missing>`; the reply is empty. */
async function destroyIterator(within: SameSession, iterator: string): Promise<void> {
  try {
    await within.call('asset.query.iterator.destroy', [xml('id', iterator), xml('ignore-missing', true)], {
      signal: AbortSignal.timeout(DESTROY_LIMIT_MS),
    });
  } catch (error) {
    // It ends with its session; what stopped the caller is the error worth telling.
    if (!isMediafluxError(error)) throw error;
  }
}

/**
 * How many assets `where` finds.
 *
 * Arguments  `<where/><action>count</action>`
 * Reply      `<value>12</value>`; an empty one is taken for none, as a sum over nothing is told (reference 6)
 * @throws MediafluxError malformed-reply: no value, no whole number, or one beyond 2^53
 */
export async function queryCount(session: MediafluxSession, where: string, signal?: AbortSignal): Promise<number> {
  const args = [xml('where', where), xml('action', 'count')];
  const result = await session.call('asset.query', args, { repeatable: true, signal });
  const value = textAt(result, 'value');
  if (value === undefined)
    throw new MediafluxError('malformed-reply', 'Mediaflux told no number of assets.', { service: 'asset.query' });
  return wholeNumber(value, 'asset.query') ?? 0;
}

/**
 * The largest value at `xpath`; undefined when nothing was found.
 *
 * Arguments  `<where/><action>range</action><xpath>stime</xpath>`
 * Reply      `<value nbe="54"><min>100</min><max>55000</max></value>`
 */
export async function queryLargest(
  session: MediafluxSession,
  where: string,
  xpath: string,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const args = [xml('where', where), xml('action', 'range'), xml('xpath', xpath)];
  const value = childNamed(await session.call('asset.query', args, { repeatable: true, signal }), 'value');
  return value && wholeNumber(textAt(value, 'max') ?? '', 'asset.query');
}

/** Undefined: an empty text. @throws MediafluxError malformed-reply: never a rounded number */
export function wholeNumber(text: string, service: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (Number.isNaN(value))
    throw new MediafluxError('malformed-reply', `Mediaflux tells '${trimmed.slice(0, 40)}' for a whole number.`, {
      service,
    });
  if (!Number.isSafeInteger(value))
    throw new MediafluxError(
      'malformed-reply',
      'Mediaflux tells a number beyond 2^53, which this program does not handle.',
      {
        service,
      },
    );
  return value;
}
