// Contents of many small assets in one answer, as an archive. Reference 5.4 and 6.1.

import {
  type Into,
  isMediafluxError,
  mustBeWhole,
  UnreadableZip,
  xml,
  type ZipFile,
  zipFiles,
} from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';
import type { WantedContent } from './assets.js';

export interface ArchivedContent extends WantedContent {
  /** Of the asset, below the namespace that is asked for. */
  path: string;
}

/** A content that came whole, and its CRC-32. */
export interface CameWhole {
  content: Buffer;
  sum: number;
}

/**
 * The contents of assets of one namespace and what is below it, in the order in which they are wanted; undefined where one
 * is not in the archive or is not what was wanted, as where a path is written in another way. Contents that came
 * as they are are parts of the memory that the answer is put into.
 *
 * Arguments  `asset.archive.create` `<where>id in (7,8)</where><for>user</for><parts>content</parts><format>zip</format>
 *            <remove-path-prefix>/ns</remove-path-prefix>`
 * Reply      a zip in the packet form
 * @throws MediafluxError also where archives are not made for this session; UnreadableZip
 */
export async function readTogether(
  session: MediafluxSession,
  namespace: string,
  wanted: readonly ArchivedContent[],
  into: Into,
  options: CallOptions = {},
): Promise<(CameWhole | undefined)[]> {
  const args = [
    xml('where', `id in (${wanted.map(({ assetId }) => assetId).join(',')})`),
    xml('for', 'user'),
    xml('parts', 'content'),
    xml('format', 'zip'),
    xml('remove-path-prefix', namespace),
  ];
  const files = zipFiles(await session.wholeContentOf('asset.archive.create', args, into, options));
  return wanted.map((one) => wholeOf(one, files.get(one.path)));
}

function wholeOf(wanted: ArchivedContent, file: ZipFile | undefined): CameWhole | undefined {
  if (!file || (wanted.size !== null && file.size !== wanted.size)) return undefined;
  try {
    const content = file.content();
    return { content, sum: mustBeWhole(content, wanted, 'asset.archive.create') };
  } catch (error) {
    if (error instanceof UnreadableZip || isMediafluxError(error, 'content-damaged')) return undefined;
    throw error;
  }
}
