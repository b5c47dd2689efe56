// `asset.query`. Reference 6.

import { childNamed, isMediafluxError, MediafluxError, textAt, xml, type XmlElement } from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';

/** A string in a query: single quotes, `\'` inside. */
export const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const BATCH = 1_000;

/**
 * Values of every asset that `where` finds, through one iterator: `<asset id version><ENAME>v</ENAME>…</asset>`. The
 * iterator belongs to the session and is destroyed when the caller stops early.
 * @param xpaths result name to path, as in `{ size: 'content/size' }`
 * @throws MediafluxError invalid-arguments or service-error when the iterator was lost in the middle: begin again
 */
export async function* queryValues(
  session: MediafluxSession,
  where: string,
  xpaths: Record<string, string>,
  signal?: AbortSignal,
): AsyncGenerator<XmlElement> {
  const args = [
    xml('where', where),
    xml('action', 'get-values'),
    ...Object.entries(xpaths).map(([ename, xpath]) => xml('xpath', xpath, { ename })),
    xml('as', 'iterator'),
  ];
  const iterator = textAt(await session.call('asset.query', args, { signal }), 'iterator')?.trim();
  if (iterator === undefined)
    throw new MediafluxError('malformed-reply', 'Mediaflux made no iterator for a query.', { service: 'asset.query' });
  let isComplete = false;
  try {
    while (!isComplete) {
      let isTold = false;
      for await (const item of session.items('asset.query.iterate', [xml('id', iterator), xml('size', BATCH)], {
        signal,
      })) {
        if (item.name === 'asset') yield item;
        else if (item.name === 'iterated') {
          isComplete = item.attributes['complete'] === 'true';
          isTold = true;
        }
      }
      if (!isTold)
        throw new MediafluxError('malformed-reply', 'Mediaflux did not tell whether a list is complete.', {
          service: 'asset.query.iterate',
        });
    }
  } finally {
    if (!isComplete) await destroyIterator(session, iterator);
  }
}

async function destroyIterator(session: MediafluxSession, iterator: string): Promise<void> {
  try {
    await session.call('asset.query.iterator.destroy', [xml('id', iterator), xml('ignore-missing', true)]);
  } catch (error) {
    // It ends with its session; what stopped the caller is the error worth telling.
    if (!isMediafluxError(error)) throw error;
  }
}

/** `action=count`: how many assets `where` finds. */
export async function queryCount(session: MediafluxSession, where: string): Promise<number> {
  const result = await session.call('asset.query', [xml('where', where), xml('action', 'count')], { repeatable: true });
  return wholeNumber(textAt(result, 'value'), 'asset.query') ?? 0;
}

/** `action=range`: the largest value at `xpath`; undefined when nothing was found. */
export async function queryLargest(
  session: MediafluxSession,
  where: string,
  xpath: string,
): Promise<number | undefined> {
  const args = [xml('where', where), xml('action', 'range'), xml('xpath', xpath)];
  const value = childNamed(await session.call('asset.query', args, { repeatable: true }), 'value');
  return value && wholeNumber(textAt(value, 'max'), 'asset.query');
}

function wholeNumber(text: string | undefined, service: string): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  if (!Number.isSafeInteger(value))
    throw new MediafluxError('malformed-reply', 'Mediaflux tells a number that is none.', { service });
  return value;
}
