// Metadata documents: their types, and assets that carry them. Reference 3.3.

import {
  childNamed,
  type ContentSource,
  executedResponses,
  isMediafluxError,
  MediafluxError,
  xml,
  type XmlElement,
} from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';
import { byPath } from './assets.js';

/**
 * Writes an asset with a metadata document and a content; one of that name gets a new version.
 *
 * Arguments  `service.execute` `<service name="asset.set"><id>path=/a/b</id><create>true</create><type/>
 *            <meta action="replace"><ns:doc>…</ns:doc></meta></service>`, then `asset.get` as in `uploadFile`
 * Reply      as in `uploadFile`
 * @returns the asset's id
 */
export async function writeDocumentAsset(
  session: MediafluxSession,
  path: string,
  type: string,
  document: XmlElement,
  content: ContentSource,
  signal?: AbortSignal,
): Promise<string> {
  const result = await session.execute(
    [
      {
        service: 'asset.set',
        args: [byPath(path), xml('create', true), xml('type', type), xml('meta', [document], { action: 'replace' })],
      },
      { service: 'asset.get', args: [byPath(path), xml('xpath', '@id', { ename: 'id' })] },
    ],
    content,
    { repeatable: true, signal },
  );
  const response = executedResponses(result)[1];
  const id = response && childNamed(response, 'asset')?.attributes['id'];
  if (id === undefined)
    throw new MediafluxError('malformed-reply', 'Mediaflux wrote an asset and did not tell which.', {
      service: 'asset.set',
    });
  return id;
}

/**
 * Puts a metadata document in the place of the one of its type; content and other documents stay. False: no such asset.
 *
 * Arguments  `asset.set` `<id>7</id><meta action="replace"><ns:doc>…</ns:doc></meta>`
 * Reply      `<version id="7">3</version>`, which is not read
 */
export async function replaceDocument(
  session: MediafluxSession,
  assetId: string,
  document: XmlElement,
): Promise<boolean> {
  const args = [xml('id', assetId), xml('meta', [document], { action: 'replace' })];
  try {
    await session.call('asset.set', args, { repeatable: true });
    return true;
  } catch (error) {
    if (isMediafluxError(error, 'not-found')) return false;
    throw error;
  }
}

/**
 * Defines a document type, again if need be; the replies are empty.
 *
 * Arguments  `asset.doc.namespace.update` `<create>true</create><namespace/><description/>`, then
 *            `asset.doc.type.update` `<create>true</create><type>ns:doc</type><description/>
 *            <definition><element name="a" type="string" min-occurs="0" max-occurs="1" index="true"/>…</definition>`
 */
export async function defineDocumentType(
  session: MediafluxSession,
  type: string,
  description: string,
  definition: readonly XmlElement[],
): Promise<void> {
  const [namespace = ''] = type.split(':');
  await session.call(
    'asset.doc.namespace.update',
    [xml('create', true), xml('namespace', namespace), xml('description', description)],
    { repeatable: true },
  );
  const args = [xml('create', true), xml('type', type), xml('description', description), xml('definition', definition)];
  await session.call('asset.doc.type.update', args, { repeatable: true });
}
